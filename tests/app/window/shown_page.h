#pragma once
#include <gtest/gtest.h>

#include "window_support.h"

namespace lix::app::testing_support {

/// A page on a desk of its own, as a person sees it, with its questions answered.
template <class PageType>
struct ShownPage {
  explicit ShownPage(TestDesk& test) : page(test.desk()), test_(test) {
    page.resize(1200, 760);
    page.show();
    page.shown();
    settle();
  }
  /// One answer may ask the next question.
  void settle() {
    for (int i = 0; i < 4; ++i) {
      test_.settle();
    }
  }
  template <class T>
  T* find(const char* name) {
    T* found = page.template findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }

  PageType page;

 protected:
  TestDesk& test_;
};

}  // namespace lix::app::testing_support
