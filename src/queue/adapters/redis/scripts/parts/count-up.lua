-- countUp: raises a counter of meta for a user; see writeMember.
local function countUp(user, field, number)
  if number == 0 then
    return
  end
  if step.slots[user] == nil then
    redis.call("HINCRBY", metaKey, field, number)
    return
  end
  step.counts[field] = (step.counts[field] or 0) + number
end
