#pragma once
#include <QCache>
#include <QObject>
#include <QPixmap>
#include <QSet>
#include <QString>
#include <map>
#include <memory>

#include "data/picture_ref.h"
#include "jobs/lane.h"

namespace lix::app {

class Desk;

/// Small pictures for grids and cards, made on the Io lane, newest wish first; 192 MB are kept.
class Thumbnails : public QObject {
  Q_OBJECT

 public:
  explicit Thumbnails(Desk& desk);
  ~Thumbnails() override;

  static constexpr int kSide = 192;  ///< of what is kept; painters scale down from it
  /// The thumbnail (longer side at most kSide, device pixels), or null and `ready` (or `failed`) comes later.
  QPixmap get(const data::PictureRef& picture);
  /// Why a picture could not be shown, "" where it could or has not been tried.
  QString problem(const data::PictureRef& picture) const;
  /// Wishes that nobody waits for any more (scrolled away) are dropped.
  void dropWishes();
  /// Everything is read anew when it is wanted next (F5: files may have changed).
  void forget();

 Q_SIGNALS:
  void ready(const lix::data::PictureRef& picture);
  void failed(const lix::data::PictureRef& picture, const QString& sentence);

 private:
  Desk& desk_;
  QCache<QString, QPixmap> kept_;
  std::map<QString, QString> problems_;
  std::map<QString, jobs::Lane::Ticket> wishes_;
  int generation_ = 0;  // what was asked for before forget() is not kept
};

}  // namespace lix::app
