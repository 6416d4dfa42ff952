/* dashboard.c: what is on the screen?
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
#include "views/dashboard_internal.h"

#include <stdlib.h>

#include "base/shapes.h"
#include "views/detail.h"
#include "views/frame.h"
#include "views/help.h"

#define VIEW_ENTRY_(NAME) &view_##NAME,
const struct view *const dashboard_views[NR_VIEWS] = {VIEWS(VIEW_ENTRY_)};

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
		dashboard->states[i] = dashboard_views[i]->create();
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
			dashboard_views[i]->destroy(dashboard->states[i]);
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
		if (!pool_is_over(pool))
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

void dashboard_set_scene(struct dashboard *dashboard)
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
	dashboard_views[dashboard->view]->refresh(dashboard->states[dashboard->view], scene);
	dashboard->basis = (struct basis){
		.model = scene->model, .nr_facts = scene->model->nr_facts, .nr_gone = scene->history->base.nr_facts,
		.seconds = scene->now_ns / 1000000000, .position = scene->position, .view = dashboard->view,
		.pool = scene->pool,
	};
}

struct subject dashboard_subject(struct dashboard *dashboard)
{
	return dashboard_views[dashboard->view]->subject(dashboard->states[dashboard->view], &dashboard->scene);
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
	dashboard->help_lines = help_draw(dashboard_views[dashboard->view], dashboard->status.probes, dashboard->help_scrolled,
	                                  inside);
}

static void draw_detail(struct dashboard *dashboard, struct area area)
{
	struct subject subject = dashboard_subject(dashboard);
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
	dashboard_views[dashboard->view]->draw(dashboard->states[dashboard->view], &dashboard->scene, area);
	if (dashboard->details)
		draw_detail(dashboard, over);
}

#define NOTE_LASTS_NS 60000000000u

static const char *note_text(const struct dashboard *dashboard)
{
	const struct model *model = dashboard->scene.model;

	/* the words of a minute ago, or of a pool that died long since, are no narration */
	if (model->note && dashboard->scene.now_ns < model->note_ns + NOTE_LASTS_NS)
		return scene_text(&dashboard->scene, model->note);
	return dashboard->status.lesson;
}

/* For a moment only: then the footer is wanted again. */
static const char *said_text(const struct dashboard *dashboard)
{
	enum { SAID_LASTS_NS = 2000000000 };

	return dashboard->status.now_ns < dashboard->said_ns + SAID_LASTS_NS ? dashboard->said : NULL;
}

/* The frame takes its rows in the order of what would be missed most; the view has what is left. */
void dashboard_draw(struct dashboard *dashboard, const struct dashboard_status *status, struct canvas *canvas)
{
	struct area area = canvas_area(canvas), tabs;
	const struct scene *scene = &dashboard->scene;
	const char *note;
	int rows = area.height;

	dashboard->status = *status;
	dashboard_set_scene(dashboard);
	canvas_clear(canvas);
	if (rows >= 3)
		frame_header(&dashboard->moment, scene, status, area_take_top(&area, 1));
	tabs = area_take_top(&area, rows >= 5 ? 1 : 0);
	dashboard->tabs_row = tabs.height ? tabs.top : -1;
	frame_tabs(dashboard_views, NR_VIEWS, dashboard->view, scene, tabs);
	if (rows >= 8)
		frame_footer(said_text(dashboard), area_take_bottom(&area, 1));
	if (rows >= 10 && dashboard->findings.count && dashboard_views[dashboard->view] != &view_findings)
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

bool dashboard_wants_cow(const struct dashboard *dashboard)
{
	return dashboard_views[dashboard->view]->wants_cow || dashboard->details;
}
