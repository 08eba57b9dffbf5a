#pragma once
#include "store/connection.h"

namespace lix::store {

/// Tells the connection where the workspace lay before, so that paths of that time are read as they are now. One that was
/// opened for writing at a new place has its rows written anew first, as one transaction, and remembers the place. One of
/// before version 7 does not know where it lay: that follows from checkpoints and pictures that are gone from where
/// its rows say, and lie below the folder by the end of the same path.
Result<void> settlePlace(Connection& connection);

}  // namespace lix::store
