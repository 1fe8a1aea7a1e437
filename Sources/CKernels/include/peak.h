#ifndef CKERNELS_PEAK_H
#define CKERNELS_PEAK_H

#include "products.h"

/// Floating-point operations a second of the active instruction set's widest multiply-add loop, a
/// multiply-add being two.
///
/// `threads` members of the team run it for about `seconds`. Time runs from the first member's
/// start to the last one's end, so a member that came late or stayed long lowers the figure.
double ck_peak_flops_window(int threads, double seconds, ck_precision precision);

#endif
