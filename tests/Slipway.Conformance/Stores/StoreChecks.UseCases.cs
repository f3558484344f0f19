using Slipway.Core;

namespace Slipway.Conformance;

public static partial class StoreChecks
{
    public static IReadOnlyList<StoreCheck> UseCases =>
    [
        new("use cases: an apply that changes something is a new revision", stores =>
        {
            var first = stores.UseCases.Apply("bike", "yaml: 1", "/data", "ada");
            ExpectEqual((1, "yaml: 1", "/data", false, "ada"), (first.Revision, first.Yaml, first.Folder, first.Paused, first.AppliedBy), "first");
            ExpectEqual(first, stores.UseCases.Apply("bike", "yaml: 1", "/data", "grace"), "the same text and folder");
            ExpectEqual(2, stores.UseCases.Apply("bike", "yaml: 2", "/data", "grace").Revision, "another text");
            var third = stores.UseCases.Apply("bike", "yaml: 2", "/elsewhere", "grace");
            ExpectEqual((3, "grace"), (third.Revision, third.AppliedBy), "another folder");
            stores.UseCases.Apply("Anode", "a: b", "/data", "ada");
            stores.Reopen();
            ExpectEqual(third, stores.UseCases.Find("bike"), "found after a restart");
            ExpectSequence(["Anode", "bike"], stores.UseCases.List().Select(u => u.Name).Order(StringComparer.Ordinal), "listed");
            ExpectEqual(null, stores.UseCases.Find("boat"), "unknown");
            ExpectThrows<SlipwayException>(() => stores.UseCases.Apply("no spaces", "a: b", "/data", "ada"), "a name that breaks the rule");
        }),
        new("use cases: pausing lasts, also through an apply", stores =>
        {
            stores.UseCases.Apply("bike", "yaml: 1", "/data", "ada");
            stores.UseCases.SetPaused("bike", true);
            stores.Reopen();
            Expect(stores.UseCases.Find("bike")!.Paused, "paused");
            Expect(stores.UseCases.Apply("bike", "yaml: 2", "/data", "ada").Paused, "still paused");
            stores.UseCases.SetPaused("bike", false);
            Expect(!stores.UseCases.Find("bike")!.Paused, "not paused");
            ExpectThrows<NotFoundException>(() => stores.UseCases.SetPaused("boat", true), "an unknown use case");
        }),
        new("use cases: removing takes the position and leaves runs and quarantine", stores =>
        {
            stores.UseCases.Apply("bike", "yaml: 1", "/data", "ada");
            stores.UseCases.StartRun("bike", "every 1h");
            stores.UseCases.Commit("bike", "7", [Bad("bike", "3")]);
            Expect(stores.UseCases.Remove("bike"), "removed");
            Expect(!stores.UseCases.Remove("bike"), "nothing left to remove");
            ExpectEqual(null, stores.UseCases.Find("bike"), "use case");
            ExpectEqual(null, stores.UseCases.Position("bike"), "position");
            ExpectEqual(1, stores.UseCases.Runs("bike").Count, "runs");
            ExpectEqual(1L, stores.UseCases.QuarantineCount("bike"), "quarantine");
            ExpectEqual(1, stores.UseCases.Apply("bike", "yaml: 9", "/data", "ada").Revision, "revision of a new beginning");
        }),
        new("use cases: what the columns were taken for lasts as long as the revision", stores =>
        {
            var columns = new TableSchema([new("id", ElementType.Bytes), new("torque", ElementType.Float64)]);
            stores.UseCases.Apply("bike", "yaml: 1", "/data", "ada");
            ExpectEqual(null, stores.UseCases.LearntColumns("bike", 1), "before the first bind");
            stores.UseCases.KeepLearntColumns("bike", 1, columns);
            stores.Reopen();
            ExpectEqual(columns, stores.UseCases.LearntColumns("bike", 1), "kept");
            ExpectEqual(null, stores.UseCases.LearntColumns("bike", 2), "another revision");
            stores.UseCases.Remove("bike");
            ExpectEqual(null, stores.UseCases.LearntColumns("bike", 1), "removed");
        }),
        new("positions: a commit keeps position and bad rows together", stores =>
        {
            ExpectEqual(null, stores.UseCases.Position("bike"), "before the first commit");
            stores.UseCases.Commit("bike", """{"file":"a.csv","line":10}""", [Bad("bike", "3"), Bad("bike", "7")]);
            stores.UseCases.Commit("mill", "1", [Bad("mill", "1")]);
            stores.UseCases.Commit("bike", """{"file":"a.csv","line":20}""", []);
            stores.Reopen();
            ExpectEqual("""{"file":"a.csv","line":20}""", stores.UseCases.Position("bike"), "position");
            ExpectSequence(["3", "7"], stores.UseCases.Quarantine("bike").Select(q => q.Position), "quarantine, oldest first");
            ExpectEqual(3, stores.UseCases.Quarantine(null).Count, "quarantine of all");
        }),
        new("positions: a commit that fails keeps neither", stores =>
        {
            stores.UseCases.Commit("bike", "1", []);
            try
            {
                stores.UseCases.Commit("bike", "2", [Bad("bike", "3"), Bad("bike", "4") with { Reason = null! }]);
                throw new ConformanceException("expected: a row without a reason is refused");
            }
            catch (Exception e) when (e is not ConformanceException)
            {
            }
            ExpectEqual("1", stores.UseCases.Position("bike"), "position");
            ExpectEqual(0L, stores.UseCases.QuarantineCount("bike"), "quarantine");
        }),
        new("quarantine: rows come back as they went in and leave when released", stores =>
        {
            var row = new QuarantinedRow(0, "bike", Noon, "line 3", "prepare[1].cast", "'x' is not a number", "{\"torque\":\"x\"}\n\u2028\0");
            stores.UseCases.Commit("bike", "1", [row, .. Enumerable.Range(0, 5).Select(i => Bad("bike", $"{i}"))]);
            var found = stores.UseCases.Quarantine("bike");
            ExpectEqual(row with { Id = found[0].Id }, found[0], "row");
            ExpectEqual(6, found.Select(q => q.Id).Distinct().Count(), "ids");
            ExpectEqual(2, stores.UseCases.Quarantine("bike", 2).Count, "with a limit");
            ExpectSequence([found[1], found[4]], stores.UseCases.Quarantined([found[4].Id, -1, found[1].Id, found[1].Id]), "by their ids");
            ExpectEqual(0, stores.UseCases.Quarantined([]).Count, "by no ids");
            ExpectEqual(2, stores.UseCases.Release([found[0].Id, found[3].Id, -1]), "released");
            ExpectEqual(0, stores.UseCases.Release([found[0].Id]), "released again");
            ExpectEqual(0, stores.UseCases.Release([]), "nothing to release");
            ExpectSequence(new[] { 1, 2, 4, 5 }.Select(i => found[i].Id), stores.UseCases.Quarantine("bike").Select(q => q.Id), "left");
            ExpectEqual(4L, stores.UseCases.QuarantineCount("bike"), "count");
        }),
        new("runs: a run begins, ends, and is listed newest first", stores =>
        {
            var first = stores.UseCases.StartRun("bike", "every 1h");
            var second = stores.UseCases.StartRun("mill", "on-request");
            Expect(second > first, "ids grow");
            ExpectEqual(RunState.Running, stores.UseCases.Runs("bike").Single().State, "state");
            stores.UseCases.EndRun(first, RunState.Succeeded, 100, 97, 3, null);
            stores.UseCases.EndRun(second, RunState.Failed, 1, 0, 0, "the table is gone");
            stores.Reopen();
            var runs = stores.UseCases.Runs(null);
            ExpectSequence([second, first], runs.Select(r => r.Id), "runs");
            ExpectEqual(("bike", "every 1h", RunState.Succeeded, 100L, 97L, 3L), (runs[1].UseCase, runs[1].Trigger, runs[1].State, runs[1].RowsRead, runs[1].RowsActed, runs[1].RowsBad), "run of bike");
            ExpectEqual((RunState.Failed, "the table is gone"), (runs[0].State, runs[0].Error), "run of mill");
            Expect(runs.All(r => r.EndedAt >= r.StartedAt), "a run ends after it begins");
            ExpectEqual(1, stores.UseCases.Runs(null, 1).Count, "with a limit");
        }),
        new("runs: a run that ended stays as it ended", stores =>
        {
            var run = stores.UseCases.StartRun("bike", "every 1h");
            stores.UseCases.EndRun(run, RunState.Succeeded, 1, 1, 0, null);
            ExpectThrows<SlipwayException>(() => stores.UseCases.EndRun(run, RunState.Failed, 0, 0, 0, "late"), "ending again");
            ExpectThrows<NotFoundException>(() => stores.UseCases.EndRun(run + 1, RunState.Failed, 0, 0, 0, "late"), "an unknown run");
            ExpectEqual(RunState.Succeeded, stores.UseCases.Runs("bike").Single().State, "state");
        }),
    ];

    private static QuarantinedRow Bad(string useCase, string position) => new(0, useCase, Noon, position, "model", "too hot", $"row {position}");
}
