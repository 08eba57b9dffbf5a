#include "pages/support/adapter_box.h"

#include <QComboBox>
#include <QCoreApplication>
#include <algorithm>

#include "pages/support/live_scores.h"

namespace lix::app {
namespace {

constexpr const char* kFirst = "tip-adapter";
constexpr int kCharacters = 8;

QString words(const char* text) { return QCoreApplication::translate("support", text); }

}  // namespace

QComboBox* adapterBox(const QString& objectName, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(objectName);
  box->setAccessibleName(words("Adapter"));
  box->setToolTip(tip);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(kCharacters);
  for (const adapt::Adapter* one : study::supportAdapters(study::Adapters::All)) {
    box->addItem(QString::fromStdString(one->title), QString::fromStdString(one->id));
  }
  chooseAdapter(*box, kFirst);
  return box;
}

std::string adapterOf(const QComboBox& box) { return box.currentData().toString().toStdString(); }

void chooseAdapter(QComboBox& box, const QString& id) {
  if (const int index = box.findData(id); index >= 0) {
    box.setCurrentIndex(index);
  }
}

QString whyNothing(const LiveScores& scores, const std::string& adapter) {
  if (!scores.scores()) {
    return scores.status().isEmpty() ? words("Put pictures into at least two classes to see how the set does.")
                                     : scores.status();
  }
  const study::AdapterScore* score = scores.score(adapter);
  if (score == nullptr) {
    return scores.isFitting() ? words("This adapter is being fitted...")
                              : words(
                                    "This adapter takes longer and was not fitted after the last change: check Fitted "
                                    "adapters in Accuracy, or press Ctrl+Return.");
  }
  if (!score->refusal.empty()) {
    return QString::fromStdString(score->refusal);
  }
  return score->accuracy ? QString()
                         : words("There are no queries of the set's classes: choose where they come from in Accuracy.");
}

}  // namespace lix::app
