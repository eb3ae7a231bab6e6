-- lockedByOthers: which seats of an attempt are locked by other attempts.
-- keys     the KEYS of the step
-- attempt  see enterSeats
-- returns the indexes of those seats, from 0; how many of them an attempt with the same key has locked
local function lockedByOthers(keys, attempt)
  local taken, sameKeyCount = {}, 0
  for i = attempt.first, attempt.last do
    local owner, keyTag = string.match(redis.call("GET", keys[i]) or "", "^(%S+) (.*)$")
    if owner and owner ~= attempt.owner then
      taken[#taken + 1] = i - attempt.first
      sameKeyCount = sameKeyCount + (keyTag == attempt.keyTag and keyTag ~= "" and 1 or 0)
    end
  end
  return taken, sameKeyCount
end
