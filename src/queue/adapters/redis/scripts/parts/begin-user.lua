-- beginUser: begins the part of a step for one of its users. A user who has had a part in it finds the
-- writes of that done.
-- @use run-writes
local function beginUser(queue, user)
  if step.begun[user] then
    runWrites(queue)
  end
  step.begun[user] = true
end
