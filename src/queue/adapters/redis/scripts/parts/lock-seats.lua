-- lockSeats: locks all seats of an attempt, or none when other attempts have locked some.
-- keys     the KEYS of the step
-- attempt  see enterSeats
-- returns the indexes of the seats that others have locked, from 0; how many of them an attempt with the same key
--   has locked
local function lockSeats(keys, attempt)
  local first, last, taken, sameKeyCount = attempt.first, attempt.last, {}, 0
  local text = attempt.owner .. " " .. attempt.keyTag
  if first == last and redis.call("SET", keys[first], text, "PX", attempt.lockMs, "NX") then
    return taken, 0
  end
  local locks = first <= last and redis.call("MGET", unpack(keys, first, last)) or {}
  for i, lock in ipairs(locks) do
    local owner, keyTag = string.match(lock or "", "^(%S+) (.*)$")
    if owner and owner ~= attempt.owner then
      taken[#taken + 1] = i - 1
      sameKeyCount = sameKeyCount + (keyTag == attempt.keyTag and keyTag ~= "" and 1 or 0)
    end
  end
  if #taken == 0 then
    for i = first, last do
      redis.call("SET", keys[i], text, "PX", attempt.lockMs)
    end
  end
  return taken, sameKeyCount
end
