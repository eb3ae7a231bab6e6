-- enter: the ACTIVE check, the locks of all seats or none, and the longer lease, in one step.
-- KEYS[16..] seat locks, one a seat
-- ARGV[3] user    id
-- ARGV[4] place   score of the place
-- ARGV[5] owner   the attempt's own id
-- ARGV[6] keyTag  digest of user and idempotency key, or empty
-- ARGV[7] lockMs  ms
-- ARGV[8] leaseMs  ms
-- returns "entered" | "unknown" | "ended" | "not-active"
--   | "locked", twin (0 or 1), indexes of the seats from 0…
-- cost O(seats)
-- @use line
-- @use lobby
-- @use slot
-- @use recovery
-- @use presence
-- @use lapse
-- @use standing
-- @use turn
local firstSeat = 16

-- Which of the seats others have, and how many of them a request with the same key.
local function lockedByOthers()
  local owner, keyTag = ARGV[5], ARGV[6]
  local taken, twins = {}, 0
  for i = firstSeat, #KEYS do
    local holder, tag = string.match(redis.call("GET", KEYS[i]) or "", "^(%S+) (.*)$")
    if holder and holder ~= owner then
      taken[#taken + 1] = i - firstSeat
      twins = twins + (tag == keyTag and tag ~= "" and 1 or 0)
    end
  end
  return taken, twins
end

local user, place, owner, keyTag = ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6]
local word = turnOf(user, place)
if word ~= "active" then
  return { word }
end
local taken, twins = lockedByOthers()
if #taken > 0 then
  return { "locked", twins == #taken and 1 or 0, unpack(taken) }
end
for i = firstSeat, #KEYS do
  redis.call("SET", KEYS[i], owner .. " " .. keyTag, "PX", ARGV[7])
end
redis.call("ZADD", active, "GT", nowMs + tonumber(ARGV[8]), user)
redis.call("HINCRBY", meta, flightsOf(user), 1)
return { "entered" }
