/* views.h: every view, in the order of their tabs; a new one is a line here. VIEW(NAME) is view_NAME in NAME.c. */
#ifndef VIEWS_VIEWS_H
#define VIEWS_VIEWS_H

#include "views/view.h"

#define VIEWS(VIEW) \
	VIEW(pools) \
	VIEW(workers) \
	VIEW(tree) \
	VIEW(events) \
	VIEW(findings)

#define VIEW_DECLARE_(NAME) extern const struct view view_##NAME;
VIEWS(VIEW_DECLARE_)
#undef VIEW_DECLARE_

#define VIEW_ENUM_(NAME) VIEW_##NAME,
enum { VIEWS(VIEW_ENUM_) NR_VIEWS };
#undef VIEW_ENUM_

#endif
