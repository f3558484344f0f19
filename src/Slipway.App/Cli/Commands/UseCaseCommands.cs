using System.CommandLine;
using System.Text.Json;
using Slipway.App.Api;
using Slipway.App.Control;
using Slipway.Core;

namespace Slipway.App.Cli.Commands;

/// <summary><c>apply</c>, <c>run</c>, <c>usecases</c>, <c>remove</c>, <c>pause</c>, <c>resume</c>: deployed use cases.</summary>
public static class UseCaseCommands
{
    public static Command Apply()
    {
        var file = new Argument<string>("FILE") { Description = "The use case file." };
        var folder = new Option<string?>("--folder") { HelpName = "DIR", Description = "The folder that relative paths in the file mean, on the machine that runs it; the file's own folder when absent." };
        var planes = new ControlPlanes();
        var command = new Verb("apply", "Deploys a use case, or the new revision of one.", "slipway apply use-case.yaml") { file, folder };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var useCase = UseCaseFile.Read(parsed.GetRequiredValue(file));
            await using var plane = planes.Open(parsed);
            var at = Path.GetFullPath(parsed.GetValue(folder) ?? useCase.Folder);
            var answer = await useCase.ApplyAsync(plane, at, cancellation);
            Terminal.Line($"{answer.Name} is deployed, revision {answer.Revision}: {answer.State}{(answer.Reason is null ? "" : $" ({answer.Reason})")}");
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Run()
    {
        var file = new Argument<string>("FILE|NAME") { Description = "A use case file (it is applied first), or the name of a deployed use case." };
        var planes = new ControlPlanes();
        var command = new Verb("run", "Runs a use case once over everything new in its source, and waits for it.", "slipway run use-case.yaml") { file };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var given = parsed.GetRequiredValue(file);
            await using var plane = planes.Open(parsed);
            var name = given;
            if (File.Exists(given))
            {
                var useCase = UseCaseFile.Read(given);
                name = (await useCase.ApplyAsync(plane, useCase.Folder, cancellation)).Name;
            }
            var after = await Terminal.ProgressAsync($"Running {name}", progress =>
            {
                progress(-1, "");
                return plane.RunAsync(name, cancellation);
            });
            var run = (await plane.UseCaseAsync(name, cancellation)).Runs.FirstOrDefault();
            if (run is null)
            {
                Terminal.Line($"{name}: nothing new in its source");
                return CommandLine.Ok;
            }
            Terminal.Line($"{name}: {run.RowsRead} rows read, {run.RowsActed} acted on, {run.RowsBad} in quarantine{(after.Reason is null ? "" : $" ({after.Reason})")}");
            if (run.State != RunState.Failed) return CommandLine.Ok;
            Terminal.Error(run.Error ?? "the run failed");
            return CommandLine.Failed;
        });
        return command;
    }

    public static Command List()
    {
        var name = new Argument<string?>("NAME") { Description = "One use case, with its runs.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var planes = new ControlPlanes();
        var command = new Verb("usecases", "Lists deployed use cases, or the runs of one.", "slipway usecases --server http://127.0.0.1:8080") { name, json };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var plane = planes.Open(parsed);
            if (parsed.GetValue(name) is { } wanted)
            {
                var detail = await plane.UseCaseAsync(wanted, cancellation);
                if (parsed.GetValue(json)) Terminal.WriteJson(detail);
                else Show(detail);
                return CommandLine.Ok;
            }
            var all = await plane.UseCasesAsync(cancellation);
            if (parsed.GetValue(json)) Terminal.WriteJson(all);
            else if (all.Count == 0) Terminal.Line("No use case is deployed yet. Deploy one with: slipway apply FILE");
            else
            {
                Terminal.Table(["NAME", "STATE", "RUNS", "MODEL", "READ", "ACTED", "QUARANTINE", "REASON"], all.Select(u => (IReadOnlyList<string>)[
                    u.Name, u.State, u.Trigger, u.Version is null ? u.Model : $"{u.Model} ({u.Version})", u.RowsRead.ToString(), u.RowsActed.ToString(), u.Quarantined.ToString(), u.Reason ?? ""]));
            }
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Remove() => Simple("remove", "Removes a deployed use case. Its runs, samples and quarantine stay until their retention ends.", async (plane, name, cancellation) =>
    {
        await plane.RemoveUseCaseAsync(name, cancellation);
        return $"{name} is removed";
    });

    public static Command Pause() => Simple("pause", "Pauses a use case after the batch at hand.", async (plane, name, cancellation) =>
        $"{name} is {(await plane.SetPausedAsync(name, true, cancellation)).State}");

    public static Command Resume() => Simple("resume", "Lets a paused use case go on.", async (plane, name, cancellation) =>
        $"{name} is {(await plane.SetPausedAsync(name, false, cancellation)).State}");

    private static Command Simple(string verb, string text, Func<IControlPlane, string, CancellationToken, Task<string>> act)
    {
        var name = new Argument<string>("NAME") { Description = "The use case." };
        var planes = new ControlPlanes();
        var command = new Verb(verb, text, $"slipway {verb} bike-demand") { name };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var plane = planes.Open(parsed);
            Terminal.Line(await act(plane, parsed.GetRequiredValue(name), cancellation));
            return CommandLine.Ok;
        });
        return command;
    }

    private static void Show(UseCaseDetail detail)
    {
        var status = detail.Status;
        Terminal.Line($"{status.Name}, revision {status.Revision}");
        Terminal.Facts([
            ("state", status.State + (status.Reason is null ? "" : $" ({status.Reason})")), ("runs", status.Trigger), ("model", status.Model),
            ("rows", $"{status.RowsRead} read, {status.RowsActed} acted on, {status.Quarantined} in quarantine"), ("samples", status.Samples.ToString()),
            ("applied", $"{status.AppliedAt:u} by {status.AppliedBy}"), ("folder", detail.Folder)]);
        if (detail.Runs.Count == 0) return;
        Terminal.Line();
        Terminal.Table(["RUN", "STARTED", "STATE", "READ", "ACTED", "BAD", "ERROR"], detail.Runs.Select(r => (IReadOnlyList<string>)[
            r.Id.ToString(), r.StartedAt.ToString("u"), JsonNamingPolicy.KebabCaseLower.ConvertName(r.State.ToString()), r.RowsRead.ToString(), r.RowsActed.ToString(), r.RowsBad.ToString(), r.Error ?? ""]));
    }
}
