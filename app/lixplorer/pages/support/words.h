#pragma once
#include <QCoreApplication>
#include <QString>
#include <cstddef>

namespace lix::app {

/// "1 picture", "16 pictures".
inline QString pictureCount(std::size_t count) {
  return count == 1 ? QCoreApplication::translate("support", "1 picture")
                    : QCoreApplication::translate("support", "%1 pictures").arg(count);
}
/// "1 file", "3 files".
inline QString fileCount(std::size_t count) {
  return count == 1 ? QCoreApplication::translate("support", "1 file")
                    : QCoreApplication::translate("support", "%1 files").arg(count);
}

}  // namespace lix::app
