/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier.h"

const GsCarrier *gs_carrier_for(const GsNetwork *network) {
  if (network->scenario->receive_every_ns)
    return &gs_carrier_paced;
  return network->uniform ? &gs_carrier_moments : &gs_carrier_timed;
}

/** Where windows are so much narrower than what a message takes, buckets are wider than windows. */
#define WINDOWS_UNDER_WAY_MOST 512
/** … and so many of them are what a message takes. */
#define BUCKETS_UNDER_WAY 64

int64_t gs_carrier_bucket_ns(const GsNetwork *network) {
  double takes = MIN(gs_network_usual_ns(network), (double)GS_TIME_MAX_NS);
  int64_t width = network->lookahead_ns;
  if ((double)width < takes / WINDOWS_UNDER_WAY_MOST)
    width = (int64_t)(takes / BUCKETS_UNDER_WAY);
  return CLAMP(width, 1, GS_BUCKET_WIDTH_MOST);
}
