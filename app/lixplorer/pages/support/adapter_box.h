#pragma once
#include <QComboBox>
#include <QString>
#include <string>

#include "base/param.h"

namespace lix::app {

class LiveScores;
class ShownAdapter;

/// A box with adapters that score a support set; its data are their ids. It follows the adapter that is shown everywhere
/// until another is chosen in it by hand, and follows again once one is chosen for all panels, or the same by hand. One
/// that it does not offer leaves it as it is.
class AdapterBox : public QComboBox {
 public:
  enum class Offer { All, Quick };  ///< Quick: those that need pictures, but no training
  AdapterBox(ShownAdapter& shown, Offer offer, const QString& objectName, const QString& tip);

  std::string id() const { return currentData().toString().toStdString(); }
  /// Chooses it by hand; an unknown one changes nothing.
  void choose(const std::string& id);
  /// What was chosen by hand, or "" while it follows; as kept in a panel's state.
  QString byHand() const { return byHand_ ? currentData().toString() : QString(); }
  void restore(const QString& byHand);

 private:
  void follow();
  void tell();
  ShownAdapter& shown_;
  QString tip_;
  bool byHand_ = false;
  bool following_ = false;  ///< it is moved by follow()
};

/// "Alpha 2.5, Beta 5.5": those of an adapter's settings that are numbers, by their titles.
QString valuesText(const std::string& adapter, const ParamValues& values);

/// Why an adapter has no accuracy to look into at present, in one sentence; "" where it has one.
QString whyNothing(const LiveScores& scores, const std::string& adapter);

}  // namespace lix::app
