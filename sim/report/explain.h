/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/json/json_writer.h"
#include "sim/forecast/explanation.h"
#include "sim/report/style.h"

/** What a scenario is and will do, for a person and as JSON. */

/** For a person. */
void gs_explanation_print(const GsExplanation *explanation, GsStyle style, GString *out);
/** As members of the object that `json` is in. */
void gs_explanation_write(const GsExplanation *explanation, GsJsonWriter *json);
