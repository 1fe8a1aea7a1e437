// FreeType names its headers by macros, and its folder is known to pkg-config alone.
#ifndef GAN_C_FREETYPE_H
#define GAN_C_FREETYPE_H

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_STROKER_H

#endif
