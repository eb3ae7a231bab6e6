-- enter: the ACTIVE check, the locks of all seats or none, and the longer lease; many attempts in one
-- step, each in its turn as if it were alone.
-- KEYS[16..] seat locks, one a seat, attempt after attempt
-- ARGV[3..] attempts  user, place, owner (the attempt's own id), keyTag (digest of user and idempotency
--   key, or empty), lockMs, leaseMs, and how many of the seat locks are his
-- returns "tried", then for each: "entered" | "unknown" | "ended" | "not-active"
--   | "spared" | "locked", twin (0 or 1), how many, indexes of the seats from 0…
-- cost O(seats of all)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use presence
-- @use lapse
-- @use place-status
-- @use turn

-- Which of the seats others have, and how many of them a request with the same key.
local function lockedByOthers(attempt)
  local taken, twins = {}, 0
  for i = attempt.first, attempt.last do
    local holder, tag = string.match(redis.call("GET", KEYS[i]) or "", "^(%S+) (.*)$")
    if holder and holder ~= attempt.owner then
      taken[#taken + 1] = i - attempt.first
      twins = twins + (tag == attempt.keyTag and tag ~= "" and 1 or 0)
    end
  end
  return taken, twins
end

local function enter(attempt)
  local user = attempt.user
  local word = turnOf(user, attempt.place)
  if word ~= "active" then
    return word
  end
  local taken, twins = lockedByOthers(attempt)
  if #taken > 0 then
    return "locked", twins == #taken and 1 or 0, #taken, unpack(taken)
  end
  for i = attempt.first, attempt.last do
    redis.call("SET", KEYS[i], attempt.owner .. " " .. attempt.keyTag, "PX", attempt.lockMs)
  end
  redis.call("ZADD", active, "GT", nowMs + attempt.leaseMs, user)
  redis.call("HINCRBY", meta, flightsOf(user), 1)
  return "entered"
end

local reply, last = { "tried" }, 15
for i = 3, #ARGV, 7 do
  local first = last + 1
  last = last + tonumber(ARGV[i + 6])
  local words = { enter({ user = ARGV[i], place = tonumber(ARGV[i + 1]), owner = ARGV[i + 2],
    keyTag = ARGV[i + 3], lockMs = ARGV[i + 4], leaseMs = tonumber(ARGV[i + 5]),
    first = first, last = last }) }
  for j = 1, #words do
    reply[#reply + 1] = words[j]
  end
end
return reply
