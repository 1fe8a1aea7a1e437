// What only tests do with libwebp: write pictures.
#include <webp/encode.h>
