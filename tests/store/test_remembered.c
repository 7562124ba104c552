/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a handle remembers (permits at the till, slots in which nothing was
 * filed) must not outlive what another handle does.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "api/store_call.h"
#include "play.h"

typedef struct scene {
	play_t play;
	market_store_t *other; /* on the same file */
} scene_t;

static void
open_scene(scene_t *scene)
{
	play_init(&scene->play, PLAY_FILE);
	play_begin_good(&scene->play);
	play_edit(&scene->play,
	    "+w withdrawal shop.example {'targetDigest': '$digest:offer'}");
	scene->other = play_handle(&scene->play, scene->play.context, NULL);
	ck_assert_int_eq(
	    play_sale(&scene->play, scene->other, "offer"), MARKET_OK);
}

static void
close_scene(scene_t *scene)
{
	market_store_free(scene->other);
	play_clear(&scene->play);
}

/* It would be an answer of before the withdrawal. */
START_TEST(permit_ends_with_what_another_handle_takes_in)
{
	scene_t scene;
	int i;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	open_scene(&scene);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(
		    play_sale(&scene.play, scene.other, "offer"), MARKET_OK);
	play_add(&scene.play, "w", "ACCEPTED", 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(play_sale(&scene.play, scene.other, "offer"),
		    MARKET_E_DENIED);
	close_scene(&scene);
}
END_TEST

START_TEST(permit_ends_with_the_sellers_pause)
{
	scene_t scene;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	open_scene(&scene);
	play_intend(&scene.play, "offer", MARKET_INTENT_PAUSE, "OK");
	ck_assert_int_eq(
	    play_sale(&scene.play, scene.other, "offer"), MARKET_E_DENIED);
	play_intend(&scene.play, "offer", MARKET_INTENT_PUBLISH, "OK");
	ck_assert_int_eq(
	    play_sale(&scene.play, scene.other, "offer"), MARKET_OK);
	close_scene(&scene);
}
END_TEST

START_TEST(permit_ends_with_its_horizon)
{
	int64_t horizon = 0;
	scene_t scene;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	open_scene(&scene);
	ck_assert_int_eq(
	    market_store_sale(scene.other, play_listing(&scene.play, "offer"),
		market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
		market_slice_of("t-mobile.com/us"), scene.play.now, 0, &horizon,
		NULL),
	    MARKET_OK);
	scene.play.now = horizon - 1;
	ck_assert_int_eq(
	    play_sale(&scene.play, scene.other, "offer"), MARKET_OK);
	scene.play.now = horizon;
	ck_assert_int_ne(
	    play_sale(&scene.play, scene.other, "offer"), MARKET_OK);
	close_scene(&scene);
}
END_TEST

/* It begins a transaction of its own, without catching up. */
START_TEST(fsck_finds_nothing_where_another_handle_took_in)
{
	market_faults_t *faults = NULL;
	scene_t scene;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	open_scene(&scene);
	play_edit(&scene.play,
	    "+g withdrawal mi.com {'targetDigest': '$digest:grant'}");
	play_add(&scene.play, "g", "ACCEPTED", 0);
	ck_assert_int_eq(
	    market_store_fsck(scene.other, NULL, &faults, NULL), MARKET_OK);
	ck_assert_ptr_null(market_faults_at(faults, 0));
	market_faults_free(faults);
	close_scene(&scene);
}
END_TEST

/* In a child the lock may be held by a thread that is not there. */
START_TEST(child_is_told_state_though_the_lock_is_held)
{
	market_submissions_t *submissions = NULL;
	market_slice_t offer;
	scene_t scene;
	int status = 0;
	pid_t child;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	open_scene(&scene);
	offer = world_envelope(scene.play.world, "offer");
	pthread_mutex_lock(&scene.other->lock);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		alarm(10);
		_exit(market_store_submit(scene.other, &offer, 1,
			  scene.play.now, &submissions, NULL) == MARKET_E_STATE
			? 0
			: 1);
	}
	pthread_mutex_unlock(&scene.other->lock);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close_scene(&scene);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("remembered");
	TCase *handles = tcase_create("handles");

	tcase_set_timeout(handles, 60);
	tcase_add_test(handles, permit_ends_with_what_another_handle_takes_in);
	tcase_add_test(handles, permit_ends_with_the_sellers_pause);
	tcase_add_test(handles, permit_ends_with_its_horizon);
	tcase_add_test(
	    handles, fsck_finds_nothing_where_another_handle_took_in);
	tcase_add_test(handles, child_is_told_state_though_the_lock_is_held);
	suite_add_tcase(suite, handles);
	return harness_main(suite);
}
