#include "pages/support/adapter_box.h"

#include <QCoreApplication>

#include "pages/support/live_scores.h"
#include "pages/support/shown_adapter.h"

namespace lix::app {
namespace {

constexpr int kCharacters = 6;

QString words(const char* text) { return QCoreApplication::translate("support", text); }

bool isOffered(const adapt::Adapter& adapter, AdapterBox::Offer offer) {
  return offer == AdapterBox::Offer::All || (adapter.needsSupport && adapter.training == adapt::Training::Free);
}

}  // namespace

AdapterBox::AdapterBox(ShownAdapter& shown, Offer offer, const QString& objectName, const QString& tip)
    : shown_(shown), tip_(tip) {
  setObjectName(objectName);
  setAccessibleName(words("Adapter"));
  setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  setMinimumContentsLength(kCharacters);
  for (const adapt::Adapter* one : study::supportAdapters(study::Adapters::All)) {
    if (isOffered(*one, offer)) {
      addItem(QString::fromStdString(one->title), QString::fromStdString(one->id));
    }
  }
  connect(this, &QComboBox::currentIndexChanged, this, [this] {
    byHand_ = !following_ && id() != shown_.id();
    tell();
  });
  connect(&shown_, &ShownAdapter::chosen, this, &AdapterBox::follow);
  connect(&shown_, &ShownAdapter::restored, this, [this] {
    if (!byHand_) {
      follow();
    }
  });
  follow();
}

void AdapterBox::follow() {
  byHand_ = false;
  if (const int index = findData(QString::fromStdString(shown_.id())); index >= 0) {
    following_ = true;
    setCurrentIndex(index);
    following_ = false;
  }
  tell();
}

void AdapterBox::tell() {
  setToolTip(tip_ + "\n" +
             (byHand_ ? words("Chosen by hand for this panel; a row of Accuracy chooses for all panels again.")
                      : words("It is the one chosen in Accuracy; another one here holds for this panel only.")));
}

void AdapterBox::choose(const std::string& id) {
  if (const int index = findData(QString::fromStdString(id)); index >= 0) {
    setCurrentIndex(index);
  }
}

void AdapterBox::restore(const QString& byHand) {
  follow();
  if (!byHand.isEmpty()) {
    choose(byHand.toStdString());
  }
}

QString valuesText(const std::string& adapter, const ParamValues& values) {
  const auto found = adapt::find(adapter);
  QStringList texts;
  for (const Param& param : found ? (*found)->params : std::vector<Param>()) {
    const auto value = values.find(param.key);
    if (value != values.end() && std::holds_alternative<double>(value->second)) {
      texts << QString::fromStdString(param.title) + " " + QString::number(std::get<double>(value->second), 'g', 3);
    } else if (value != values.end() && std::holds_alternative<long long>(value->second)) {
      texts << QString::fromStdString(param.title) + " " + QString::number(std::get<long long>(value->second));
    }
  }
  return texts.join(", ");
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
