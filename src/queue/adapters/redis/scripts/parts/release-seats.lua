-- releaseSeats: deletes the seat locks that their own attempts have taken.
-- keys    the KEYS of the step, whose last ones are the locks
-- owners  for each lock, the id of the attempt
local function releaseSeats(keys, owners)
  if #owners == 0 then
    return
  end
  local before, own = #keys - #owners, {}
  local locks = redis.call("MGET", unpack(keys, before + 1, #keys))
  for i, owner in ipairs(owners) do
    if string.match(locks[i] or "", "^%S+") == owner then
      own[#own + 1] = keys[before + i]
    end
  end
  if #own > 0 then
    redis.call("DEL", unpack(own))
  end
end
