#include <gtest/gtest.h>

#include <QApplication>

/// For tests of widgets: a QApplication that needs no screen, unless a platform is named.
int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
#ifdef LIX_LIXP
  if (qEnvironmentVariableIsEmpty("LIXP")) {
    qputenv("LIXP", LIX_LIXP);  // what the window starts
  }
#endif
  QApplication application(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
