-- joinRefusal: why a user gets no place; nil: the user has a live one, or gets one. First that applies:
-- "over"         only ACTIVE places live on
-- "not-open"     the queue has not opened
-- "not-rebuilt"  the database may know of an end of the user's place, or of an older live one
local function joinRefusal(queue, isLive, isOpen, isFinal)
  if isFinal and not isLive then
    return "over"
  end
  if not isOpen and not isLive then
    return "not-open"
  end
  return queue.awaitsRebuild and "not-rebuilt" or nil
end
