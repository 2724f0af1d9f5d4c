-- SPDX-License-Identifier: GPL-3.0-or-later
-- For wrk: posts one message again and again, with another energy each time.
-- Argument: the msgType, UpdateEnergy or SyncGrid. PAUSE_MS in the environment has
-- each connection wait so long between requests. Prints the answers by status.

local threads = {}
local pause = tonumber(os.getenv("PAUSE_MS"))

if pause then
  function delay()
    return pause
  end
end

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  kind = args[1] or "UpdateEnergy"
  count = 0
  accepted = 0
  full = 0
  other = 0
end

function request()
  local msg = "{}"
  count = count + 1
  if kind == "UpdateEnergy" then
    msg = '{"production": ' .. count % 1000 .. ', "consumption": ' .. number .. "}"
  end
  local body = '{"envType": "Tell", "msgType": "' .. kind .. '", "msg": ' .. msg .. "}"
  return wrk.format("GET", "/messaging", {["Content-Type"] = "application/json"}, body)
end

function response(status)
  if status == 200 then
    accepted = accepted + 1
  elseif status == 503 then
    full = full + 1
  else
    other = other + 1
  end
end

function done(summary)
  local sum = {accepted = 0, full = 0, other = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(sum) do
      sum[name] = sum[name] + thread:get(name)
    end
  end
  local errors = summary.errors
  io.write(string.format("soak %d %d %d %d %.3f\n", sum.accepted, sum.full, sum.other,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6))
end
