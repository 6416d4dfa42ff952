/* view.c: the actions that every table has. */
#include "views/view.h"

#include <limits.h>

bool table_act(struct table *table, enum action action)
{
	int page = table->body.height > 1 ? table->body.height - 1 : 1;

	switch (action) {
	case ACTION_UP:        table_move(table, -1); break;
	case ACTION_DOWN:      table_move(table, 1); break;
	case ACTION_PAGE_UP:   table_move(table, -page); break;
	case ACTION_PAGE_DOWN: table_move(table, page); break;
	case ACTION_FIRST:     table_move(table, -INT_MAX); break;
	case ACTION_LAST:      table_move(table, INT_MAX); break;
	case ACTION_SORT_NEXT: table_sort_by(table, 1); break;
	case ACTION_SORT_LAST: table_sort_by(table, -1); break;
	case ACTION_REVERSE:   table_reverse(table); break;
	default:               return false;
	}
	return true;
}
