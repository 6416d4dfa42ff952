/* dashboard_keys.c: what does each key change?
 *
 *   key -> help or detail, if one lies on top -> a view in which one types -> a view's number -> actions.h ->
 *          time (moment.h), the dashboard's own, and what is left is the view's */
#include "views/dashboard_internal.h"

#include <string.h>

#include "views/frame.h"

static void say(struct dashboard *dashboard, const char *what)
{
	dashboard->said = what;
	dashboard->said_ns = dashboard->status.now_ns;
}

static void show_view(struct dashboard *dashboard, int view)
{
	dashboard->view = (view + NR_VIEWS) % NR_VIEWS;
	dashboard->helps = false;
	dashboard->detail_scrolled = 0;
}

static bool show_view_of_key(struct dashboard *dashboard, uint32_t press)
{
	for (int i = 0; i < NR_VIEWS; i++)
		if (dashboard_views[i]->key == press) {
			show_view(dashboard, i);
			return true;
		}
	return false;
}

static void choose_next_pool(struct dashboard *dashboard, int step)
{
	const struct store *pools = &dashboard->scene.model->pools;
	uint32_t place = 0;

	if (!pools->count)
		return;
	while (place + 1 < pools->count &&
	       ((const struct pool *)store_at(pools, place))->key.id != dashboard->scene.pool)
		place++;
	place = (place + (uint32_t)(step + (int)pools->count)) % pools->count;
	dashboard->pool = ((const struct pool *)store_at(pools, place))->key.id;
}

static bool scroll(int *scrolled, enum action action, int page, bool lines_too)
{
	switch (action) {
	case ACTION_UP:        *scrolled -= lines_too; return lines_too;
	case ACTION_DOWN:      *scrolled += lines_too; return lines_too;
	case ACTION_PAGE_UP:   *scrolled -= page; return true;
	case ACTION_PAGE_DOWN: *scrolled += page; return true;
	default:               return false;
	}
}

/* What lies over the view takes the keys that scroll and close it. */
static bool act_on_top(struct dashboard *dashboard, enum action action)
{
	if (dashboard->helps) {
		if (action == ACTION_CLOSE)
			dashboard->helps = false;
		return action == ACTION_CLOSE || scroll(&dashboard->help_scrolled, action, dashboard->page, true);
	}
	if (dashboard->details) {
		if (action == ACTION_CLOSE)
			dashboard->details = false;
		return action == ACTION_CLOSE || scroll(&dashboard->detail_scrolled, action, dashboard->page, false);
	}
	return false;
}

/* The cursor has moved: where it stands on a pool, that is the chosen one in every view. */
static void follow_cursor(struct dashboard *dashboard)
{
	struct subject subject = dashboard_subject(dashboard);

	if (subject.kind == SUBJECT_POOL)
		dashboard->pool = subject.pool;
	dashboard->detail_scrolled = 0;
}

static const char *why_time_stays(enum action action)
{
	switch (action) {
	case ACTION_STEP_BACK:     return "history begins here";
	case ACTION_STEP_ON:       return "history ends here";
	case ACTION_LAST_INCIDENT: return "no incident before this";
	case ACTION_NEXT_INCIDENT: return "no incident after this";
	case ACTION_FASTER:
	case ACTION_SLOWER:        return "only a replay has a speed, from x0.1 to x100";
	default:                   return NULL;
	}
}

static bool act_on_time(struct dashboard *dashboard, enum action action)
{
	struct moment *moment = &dashboard->moment;
	bool moved = true;

	switch (action) {
	case ACTION_PAUSE:         moment_pause(moment); return true;
	case ACTION_STEP_BACK:     moved = moment_step(moment, -1); break;
	case ACTION_STEP_ON:       moved = moment_step(moment, 1); break;
	case ACTION_LAST_INCIDENT: moved = moment_incident(moment, -1); break;
	case ACTION_NEXT_INCIDENT: moved = moment_incident(moment, 1); break;
	case ACTION_FASTER:        moved = moment_speed(moment, 1); break;
	case ACTION_SLOWER:        moved = moment_speed(moment, -1); break;
	default:                   return false;
	}
	if (!moved)
		say(dashboard, why_time_stays(action));
	return true;
}

static void show_output(struct dashboard *dashboard)
{
	const char *output = dashboard->status.output;

	dashboard->outputs = !dashboard->outputs;
	if (!output)
		say(dashboard, "no program is run from here: it has no output to show");
	else if (!*output)
		say(dashboard, "the program has not written anything yet");
}

static enum dashboard_answer act(struct dashboard *dashboard, enum action action)
{
	if (act_on_top(dashboard, action) || act_on_time(dashboard, action))
		return DASHBOARD_GO_ON;
	switch (action) {
	case ACTION_QUIT:       return DASHBOARD_QUIT;
	case ACTION_COLOURS:    return DASHBOARD_COLOURS;
	case ACTION_REDRAW:     return DASHBOARD_REPAINT;
	case ACTION_HELP:       dashboard->helps = !dashboard->helps; dashboard->help_scrolled = 0; break;
	case ACTION_DETAIL:     dashboard->details = !dashboard->details; dashboard->detail_scrolled = 0; break;
	case ACTION_OUTPUT:     show_output(dashboard); break;
	case ACTION_POOL_NEXT:  choose_next_pool(dashboard, 1); break;
	case ACTION_POOL_LAST:  choose_next_pool(dashboard, -1); break;
	case ACTION_VIEW_LEFT:  show_view(dashboard, dashboard->view - 1); break;
	case ACTION_VIEW_RIGHT: show_view(dashboard, dashboard->view + 1); break;
	default:
		if (dashboard_views[dashboard->view]->act(dashboard->states[dashboard->view], &dashboard->scene, action))
			follow_cursor(dashboard);
		else if (action != ACTION_NONE && action != ACTION_CLOSE)
			say(dashboard, "this view has no use for that key: ? shows what each is for");
		break;
	}
	return DASHBOARD_GO_ON;
}

static void click(struct dashboard *dashboard, const struct key *key)
{
	int tab = key->y == dashboard->tabs_row ? frame_tab_at(dashboard_views, NR_VIEWS, key->x) : -1;
	const struct view *view = dashboard_views[dashboard->view];

	if (tab >= 0)
		show_view(dashboard, tab);
	else if (!dashboard->helps && view->click(dashboard->states[dashboard->view], &dashboard->scene, key->x, key->y))
		follow_cursor(dashboard);
}

enum dashboard_answer dashboard_key(struct dashboard *dashboard, const struct key *key)
{
	const struct view *view;

	dashboard_set_scene(dashboard);
	dashboard->touched = true;
	dashboard->said = NULL;
	view = dashboard_views[dashboard->view];
	if (!dashboard->helps && view->press && view->press(dashboard->states[dashboard->view], key)) {
		dashboard->basis.forgotten = true;
		return DASHBOARD_GO_ON;
	}
	if (key->press == PRESS_CLICK)
		click(dashboard, key);
	else if (!show_view_of_key(dashboard, key->press))
		return act(dashboard, action_of(key->press));
	return DASHBOARD_GO_ON;
}

/* ---- what the caller asks --------------------------------------------------------------------------------------- */

bool dashboard_show(struct dashboard *dashboard, const char *name)
{
	for (int i = 0; i < NR_VIEWS; i++)
		if (!strcmp(dashboard_views[i]->name, name)) {
			show_view(dashboard, i);
			dashboard->touched = true;
			return true;
		}
	return false;
}

void dashboard_choose_pool(struct dashboard *dashboard, uint32_t pool)
{
	dashboard->pool = pool;
}
