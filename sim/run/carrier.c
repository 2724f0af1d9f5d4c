/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier.h"

const GsCarrier *gs_carrier_for(const GsNetwork *network) {
  if (network->scenario->receive_every_ns)
    return &gs_carrier_paced;
  return network->uniform ? &gs_carrier_moments : &gs_carrier_timed;
}
