-- settle: release attempts' own locks; when one ended in a hold, let the slot last as long, else take
-- back what attempts have added to the lease, unless another one of the place is in flight. Many
-- attempts in one step, each in its turn as if it were alone.
-- KEYS[16..] seat locks, one a seat, attempt after attempt
-- ARGV[3..] attempts  user, place, owner (the attempt's own id), reservation (empty when there is no
--   hold), expiresAtMs (of the hold, or 0), and how many of the seat locks are his
-- returns "settled"
-- cost O(seats of all)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use carry
local function land(user, place, reservation, expiresAtMs)
  local slot, flights = readSlot(user), 0
  local isHis = slot and slot.place == place
  if isHis then
    flights = redis.call("HINCRBY", meta, flightsOf(user), -1)
    if flights <= 0 then
      redis.call("HDEL", meta, flightsOf(user))
    end
  end
  if reservation ~= "" then
    carryHold(user, place, reservation, expiresAtMs)
  elseif isHis and flights <= 0 and slot.state == "A" then
    redis.call("ZADD", active, leaseOf(slot), user)
  end
end

local last = 15
for i = 3, #ARGV, 6 do
  local first = last + 1
  last = last + tonumber(ARGV[i + 5])
  for j = first, last do
    if string.match(redis.call("GET", KEYS[j]) or "", "^%S+") == ARGV[i + 2] then
      redis.call("DEL", KEYS[j])
    end
  end
  land(ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 3], tonumber(ARGV[i + 4]))
end
return { "settled" }
