// The engine's threads and loops. Every function says who owns what it is given; none allocates.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "convert.h"
#include "convolution.h"
#include "exit.h"
#include "gather.h"
#include "instruction_set.h"
#include "resource_limits.h"
#include "loops.h"
#include "minimal.h"
#include "minimal_3x3.h"
#include "peak.h"
#include "products.h"
#include "random.h"
#include "ranks.h"
#include "reduce.h"
#include "region.h"
#include "statistics.h"
#include "strided.h"
#include "team.h"
#include "thread.h"

#endif
