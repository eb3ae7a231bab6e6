-- enterSeats: locks all seats of an attempt or none, and extends the lease of its place while it is in flight.
-- keys     the KEYS of the step
-- attempt  a table: user, place, owner, keyTag, lockMs, leaseMs, and from first to last the indexes of its
--   seat locks in keys
-- returns the words of the reply; see enter
-- @use check-active
-- @use in-flight-field
-- @use locked-by-others
local function enterSeats(queue, keys, attempt)
  local user = attempt.user
  local word = checkActive(queue, user, attempt.place)
  if word ~= "active" then
    return word
  end
  local taken, sameKeyCount = lockedByOthers(keys, attempt)
  if #taken > 0 then
    return "locked", sameKeyCount == #taken and 1 or 0, #taken, unpack(taken)
  end
  for i = attempt.first, attempt.last do
    redis.call("SET", keys[i], attempt.owner .. " " .. attempt.keyTag, "PX", attempt.lockMs)
  end
  redis.call("ZADD", activeKey, "GT", queue.nowMs + attempt.leaseMs, user)
  redis.call("HINCRBY", metaKey, inFlightField(user), 1)
  return "entered"
end
