-- joinRefusal: why a user gets no place; nil: the user has a live one, or gets one. First that applies:
-- "over"         only ACTIVE places live on
-- "not-open"     the queue has not opened
-- "not-rebuilt"  the database may know of an end of the user's place, or of an older live one
-- "no-place"     only live places are asked for
local function joinRefusal(queue, isLive, terms)
  if terms.isFinal and not isLive then
    return "over"
  end
  if not terms.isOpen and not isLive then
    return "not-open"
  end
  if queue.awaitsRebuild then
    return "not-rebuilt"
  end
  return terms.isFindOnly and not isLive and "no-place" or nil
end
