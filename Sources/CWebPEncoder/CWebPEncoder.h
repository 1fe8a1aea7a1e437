// What libwebp writes: pictures.
#include <webp/encode.h>
