/* dashboard.c: what is on the screen, and what does each key change?
 *
 *   poolscope  LIVE 22:13:20                      cpu 0.4%  mem 7.9M  lost 0      what moment, what cost
 *    1 pools  2 workers  3 tree  4 events  ! findings                             tabs
 *    words of a lesson
 *   +-------------------------------------------+-----------------+
 *   |  the view, or help                        |  detail         |               detail covers it where it is narrow
 *   +-------------------------------------------+-----------------+
 *    the program's output
 *    2 findings: worker 3 of pool io died holding task 12           ! shows why
 *    ? help  q quit  Enter detail ...                                                                                  */
#include "views/dashboard.h"

#include <stdlib.h>
#include <string.h>

#include "base/shapes.h"
#include "views/detail.h"
#include "views/frame.h"
#include "views/help.h"
#include "views/summary.h"
#include "views/views.h"

#define VIEW_ENTRY_(NAME) &view_##NAME,
static const struct view *const views[NR_VIEWS] = {VIEWS(VIEW_ENTRY_)};

/* What the rows of the view were made from. */
struct basis {
	const struct model *model;
	uint64_t nr_facts, nr_gone, seconds;
	size_t position;
	int view;
	uint32_t pool;
	bool forgotten;          /* nothing was made yet, or it has to be made again */
};

struct dashboard {
	struct moment moment;
	struct scene scene;
	struct dashboard_status status;
	struct rates rates;
	struct summaries summaries;
	struct findings findings;
	uint64_t findings_ns;    /* when they were collected; 0: never */
	struct basis basis;
	void *states[NR_VIEWS];
	int view;
	bool touched;            /* somebody has pressed a key or asked for a view */
	uint32_t pool;
	bool helps, details, outputs;
	int help_scrolled, help_lines, detail_scrolled, detail_lines;
	int page;                /* rows of help or detail, when drawn last */
	int tabs_row;            /* where the tabs were drawn last; -1: nowhere */
};

struct dashboard *dashboard_create(struct history *history, const struct names *names, enum dashboard_mode mode)
{
	struct dashboard *dashboard = calloc(1, sizeof(*dashboard));

	if (!dashboard)
		return NULL;
	moment_init(&dashboard->moment, history, mode == DASHBOARD_REPLAY);
	rates_init(&dashboard->rates);
	dashboard->scene = (struct scene){
		.names = names, .history = history, .findings = &dashboard->findings, .rates = &dashboard->rates,
		.summaries = &dashboard->summaries,
	};
	dashboard->basis.forgotten = true;
	dashboard->outputs = true;
	dashboard->tabs_row = -1;
	for (int i = 0; i < NR_VIEWS; i++) {
		dashboard->states[i] = views[i]->create();
		if (!dashboard->states[i]) {
			dashboard_destroy(dashboard);
			return NULL;
		}
	}
	return dashboard;
}

void dashboard_destroy(struct dashboard *dashboard)
{
	if (!dashboard)
		return;
	for (int i = 0; i < NR_VIEWS; i++)
		if (dashboard->states[i])
			views[i]->destroy(dashboard->states[i]);
	summaries_finish(&dashboard->summaries);
	rates_finish(&dashboard->rates);
	moment_finish(&dashboard->moment);
	free(dashboard);
}

/* ---- the scene: everything that a view may look at, of the moment that is shown --------------------------------- */

/* The chosen pool if it is there, else the first that is not over, else the first. */
static uint32_t present_pool(const struct model *model, uint32_t chosen)
{
	const struct pool *pool;

	if (model_pool(model, chosen))
		return chosen;
	for store_each(pool, &model->pools)
		if (pool->state != POOL_JOINED && pool->state != POOL_DEAD)
			return pool->key.id;
	return model->pools.count ? ((const struct pool *)store_at(&model->pools, 0))->key.id : 0;
}

static bool is_up_to_date(const struct dashboard *dashboard)
{
	const struct scene *scene = &dashboard->scene;
	const struct basis *basis = &dashboard->basis;

	return !basis->forgotten && basis->model == scene->model && basis->nr_facts == scene->model->nr_facts &&
	       basis->nr_gone == scene->history->base.nr_facts && basis->position == scene->position &&
	       basis->view == dashboard->view && basis->pool == scene->pool &&
	       basis->seconds == scene->now_ns / 1000000000; /* rates and ages go on without news */
}

static void collect_findings(struct dashboard *dashboard)
{
	enum { APART_NS = 250000000 };
	uint64_t now_ns = dashboard->moment.told_ns;

	if (dashboard->findings_ns && now_ns - dashboard->findings_ns < APART_NS)
		return;
	findings_collect(dashboard->scene.model, dashboard->scene.names, &dashboard->findings);
	dashboard->findings_ns = now_ns;
	dashboard->basis.forgotten = true;
}

/* Whoever watches one plain program has come for its processes: the tree is what shows them, until a key is pressed. */
static void choose_first_view(struct dashboard *dashboard)
{
	const struct model *model = dashboard->scene.model;
	const struct pool *pool = model_pool(model, dashboard->scene.pool);

	if (!dashboard->touched && pool && model->pools.count == 1)
		dashboard->view = pool->kind == KIND_PROGRAM && !model->workers.count ? VIEW_tree : VIEW_pools;
}

static void set_scene(struct dashboard *dashboard)
{
	struct scene *scene = &dashboard->scene;

	moment_advance(&dashboard->moment, dashboard->status.now_ns);
	scene->model = moment_model(&dashboard->moment);
	scene->position = moment_position(&dashboard->moment);
	scene->now_ns = dashboard->moment.clock_ns;
	scene->wall_offset_ns = dashboard->status.wall_offset_ns;
	scene->pool = present_pool(scene->model, dashboard->pool);
	choose_first_view(dashboard);
	collect_findings(dashboard);
	if (is_up_to_date(dashboard))
		return;
	summaries_take(&dashboard->summaries, scene);
	views[dashboard->view]->refresh(dashboard->states[dashboard->view], scene);
	dashboard->basis = (struct basis){
		.model = scene->model, .nr_facts = scene->model->nr_facts, .nr_gone = scene->history->base.nr_facts,
		.seconds = scene->now_ns / 1000000000, .position = scene->position, .view = dashboard->view,
		.pool = scene->pool,
	};
}

static struct subject chosen_subject(struct dashboard *dashboard)
{
	return views[dashboard->view]->subject(dashboard->states[dashboard->view], &dashboard->scene);
}

/* ---- drawing ---------------------------------------------------------------------------------------------------- */

static int clamp_scroll(int scrolled, int lines, int height)
{
	if (scrolled > lines - height)
		scrolled = lines - height;
	return scrolled < 0 ? 0 : scrolled;
}

static void draw_help(struct dashboard *dashboard, struct area area)
{
	struct area inside = shape_box(area, STYLE_LINE, "help: Up, Down, PgUp, PgDn scroll; Esc closes");

	dashboard->page = inside.height;
	dashboard->help_scrolled = clamp_scroll(dashboard->help_scrolled, dashboard->help_lines, inside.height);
	dashboard->help_lines = help_draw(views[dashboard->view], dashboard->status.probes, dashboard->help_scrolled,
	                                  inside);
}

static void draw_detail(struct dashboard *dashboard, struct area area)
{
	struct subject subject = chosen_subject(dashboard);
	struct area inside;
	char title[128];

	detail_title(&dashboard->scene, &subject, title, sizeof(title));
	inside = shape_box(area, STYLE_LINE, title);
	dashboard->page = inside.height;
	dashboard->detail_scrolled = clamp_scroll(dashboard->detail_scrolled, dashboard->detail_lines, inside.height);
	dashboard->detail_lines = detail_draw(&dashboard->scene, &subject, dashboard->detail_scrolled, inside);
}

static void draw_body(struct dashboard *dashboard, struct area area)
{
	enum { WIDE = 130 };
	struct area over = area;

	if (dashboard->helps) {
		draw_help(dashboard, area);
		return;
	}
	if (dashboard->details && area.width >= WIDE) {
		over = area_take_right(&area, area.width * 2 / 5);
		area_take_right(&area, 1);
	}
	views[dashboard->view]->draw(dashboard->states[dashboard->view], &dashboard->scene, area);
	if (dashboard->details)
		draw_detail(dashboard, over);
}

static const char *note_text(const struct dashboard *dashboard)
{
	const struct model *model = dashboard->scene.model;

	return model->note ? scene_text(&dashboard->scene, model->note) : dashboard->status.lesson;
}

/* The frame takes its rows in the order of what would be missed most; the view has what is left. */
void dashboard_draw(struct dashboard *dashboard, const struct dashboard_status *status, struct canvas *canvas)
{
	struct area area = canvas_area(canvas), tabs;
	const struct scene *scene = &dashboard->scene;
	const char *note;
	int rows = area.height;

	dashboard->status = *status;
	set_scene(dashboard);
	canvas_clear(canvas);
	if (rows >= 3)
		frame_header(&dashboard->moment, scene, status, area_take_top(&area, 1));
	tabs = area_take_top(&area, rows >= 5 ? 1 : 0);
	dashboard->tabs_row = tabs.height ? tabs.top : -1;
	frame_tabs(views, NR_VIEWS, dashboard->view, scene, tabs);
	if (rows >= 8)
		frame_footer(area_take_bottom(&area, 1));
	if (rows >= 10 && dashboard->findings.count && views[dashboard->view] != &view_findings)
		frame_findings(scene, area_take_bottom(&area, 1));
	note = note_text(dashboard);
	if (rows >= 12 && note)
		frame_note(note, area_take_top(&area, frame_note_rows(note, area.width)));
	if (rows >= 16 && dashboard->outputs && status->output && *status->output)
		frame_output(status->output, area_take_bottom(&area, frame_output_rows(status->output, rows / 5 + 1)));
	if (rows >= 30)
		area_take_top(&area, 1);
	draw_body(dashboard, area);
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static void show_view(struct dashboard *dashboard, int view)
{
	dashboard->view = (view + NR_VIEWS) % NR_VIEWS;
	dashboard->helps = false;
	dashboard->detail_scrolled = 0;
}

static bool show_view_of_key(struct dashboard *dashboard, uint32_t press)
{
	for (int i = 0; i < NR_VIEWS; i++)
		if (views[i]->key == press) {
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
	struct subject subject = chosen_subject(dashboard);

	if (subject.kind == SUBJECT_POOL)
		dashboard->pool = subject.pool;
	dashboard->detail_scrolled = 0;
}

static bool act_on_time(struct dashboard *dashboard, enum action action)
{
	struct moment *moment = &dashboard->moment;

	switch (action) {
	case ACTION_PAUSE:         moment_pause(moment); return true;
	case ACTION_STEP_BACK:     moment_step(moment, -1); return true;
	case ACTION_STEP_ON:       moment_step(moment, 1); return true;
	case ACTION_LAST_INCIDENT: moment_incident(moment, -1); return true;
	case ACTION_NEXT_INCIDENT: moment_incident(moment, 1); return true;
	case ACTION_FASTER:        moment_speed(moment, 1); return true;
	case ACTION_SLOWER:        moment_speed(moment, -1); return true;
	default:                   return false;
	}
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
	case ACTION_OUTPUT:     dashboard->outputs = !dashboard->outputs; break;
	case ACTION_POOL_NEXT:  choose_next_pool(dashboard, 1); break;
	case ACTION_POOL_LAST:  choose_next_pool(dashboard, -1); break;
	case ACTION_VIEW_LEFT:  show_view(dashboard, dashboard->view - 1); break;
	case ACTION_VIEW_RIGHT: show_view(dashboard, dashboard->view + 1); break;
	default:
		if (views[dashboard->view]->act(dashboard->states[dashboard->view], &dashboard->scene, action))
			follow_cursor(dashboard);
		break;
	}
	return DASHBOARD_GO_ON;
}

static void click(struct dashboard *dashboard, const struct key *key)
{
	int tab = key->y == dashboard->tabs_row ? frame_tab_at(views, NR_VIEWS, key->x) : -1;
	const struct view *view = views[dashboard->view];

	if (tab >= 0)
		show_view(dashboard, tab);
	else if (!dashboard->helps && view->click(dashboard->states[dashboard->view], &dashboard->scene, key->x, key->y))
		follow_cursor(dashboard);
}

enum dashboard_answer dashboard_key(struct dashboard *dashboard, const struct key *key)
{
	const struct view *view;

	set_scene(dashboard);
	dashboard->touched = true;
	view = views[dashboard->view];
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
		if (!strcmp(views[i]->name, name)) {
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

bool dashboard_wants_cow(const struct dashboard *dashboard)
{
	return views[dashboard->view]->wants_cow || dashboard->details;
}
