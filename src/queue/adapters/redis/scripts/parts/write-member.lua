-- writeMember: runs a command that takes any number of members, on one member. When the slot of the user was
-- read by readSlots, it waits for runWrites.
-- first, second  the words after the key; second: nil with a command of one word a member
local function writeMember(user, command, key, first, second)
  if step.slots[user] == nil then
    redis.call(command, key, unpack({ first, second }))
    return
  end
  local name = command .. key
  local words = step.writes[name]
  if not words then
    words = { command, key }
    step.writes[name], step.writes[#step.writes + 1] = words, words
  end
  words[#words + 1] = first
  words[#words + 1] = second
end
