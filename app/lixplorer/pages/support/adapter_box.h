#pragma once
#include <QString>
#include <string>

class QComboBox;

namespace lix::app {

class LiveScores;

/// A box with every adapter that scores a support set; its data are their ids. Tip-Adapter is chosen at first.
QComboBox* adapterBox(const QString& objectName, const QString& tip);
std::string adapterOf(const QComboBox& box);
/// Chooses it; an unknown one changes nothing.
void chooseAdapter(QComboBox& box, const QString& id);

/// Why an adapter has no accuracy to look into at present, in one sentence; "" where it has one.
QString whyNothing(const LiveScores& scores, const std::string& adapter);

}  // namespace lix::app
