using System.CommandLine;
using System.Text.Json;
using Slipway.App.Control;
using Slipway.Core;

namespace Slipway.App.Cli.Commands;

/// <summary><c>quarantine</c>, <c>samples</c>, <c>label</c>, <c>alerts</c>: rows and what became of them.</summary>
public static class RecordCommands
{
    public static Command Quarantine()
    {
        var name = new Argument<string>("USECASE") { Description = "The use case." };
        var replay = new Option<bool>("--replay") { Description = "Sends the rows through the use case again; those accepted leave quarantine." };
        var drop = new Option<bool>("--drop") { Description = "Drops the rows for good." };
        var ids = new Option<long[]>("--ids") { HelpName = "ID", Description = "Only these rows; all of the list when absent.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var limit = Limit(100);
        var json = Json();
        var planes = new ControlPlanes();
        var command = new Verb("quarantine", "Lists rows that could not go through, with their reasons; replays or drops them.", "slipway quarantine bike-demand --replay") { name, replay, drop, ids, limit, json };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(replay) && parsed.GetValue(drop)) throw new UsageException("--replay and --drop exclude each other.");
            await using var plane = planes.Open(parsed);
            var useCase = parsed.GetRequiredValue(name);
            var rows = await plane.QuarantineAsync(useCase, parsed.GetValue(limit), cancellation);
            var chosen = parsed.GetRequiredValue(ids) is { Length: > 0 } given ? given : [.. rows.Select(r => r.Id)];
            if (parsed.GetValue(replay))
            {
                var answer = await plane.ReplayAsync(useCase, chosen, cancellation);
                Terminal.Line($"{answer.Accepted} accepted, {answer.StillBad} still bad");
                return answer.StillBad == 0 ? CommandLine.Ok : CommandLine.Failed;
            }
            if (parsed.GetValue(drop)) Terminal.Line($"{await plane.DropAsync(useCase, chosen, cancellation)} dropped");
            else if (parsed.GetValue(json)) Terminal.WriteJson(rows);
            else if (rows.Count == 0) Terminal.Line("No row is in quarantine.");
            else Terminal.Table(["ID", "TIME", "STAGE", "REASON", "ROW"], rows.Select(r => (IReadOnlyList<string>)[r.Id.ToString(), r.Time.ToString("u"), r.Stage, r.Reason, r.Raw]));
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Samples()
    {
        var name = new Argument<string>("USECASE") { Description = "The use case." };
        var limit = Limit(20);
        var json = Json();
        var planes = new ControlPlanes();
        var command = new Verb("samples", "Lists the newest samples: prepared input, prediction, label.", "slipway samples bike-demand --limit 5") { name, limit, json };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var plane = planes.Open(parsed);
            var samples = await plane.SamplesAsync(parsed.GetRequiredValue(name), parsed.GetValue(limit), cancellation);
            if (parsed.GetValue(json)) Terminal.WriteJson(samples);
            else if (samples.Count == 0) Terminal.Line("No sample is kept. Samples are kept when the use case has 'sample: { rate: 10%, keep: 90d }'.");
            else Terminal.Table(["ID", "TIME", "MODEL", "INPUT", "PREDICTION", "LABEL"], samples.Select(s => (IReadOnlyList<string>)[s.Id, s.Time.ToString("u"), $"{s.Model}/{s.Version}", s.Input, s.Prediction, s.Label ?? ""]));
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Label()
    {
        var id = new Argument<string>("SAMPLE") { Description = "The sample's id, as the answer or 'slipway samples' gives it." };
        var value = new Argument<string>("LABEL") { Description = "What was true: a number, true, false, or text." };
        var planes = new ControlPlanes();
        var command = new Verb("label", "Attaches what was true to a sample.", "slipway label 0199f3… 21.5") { id, value };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var plane = planes.Open(parsed);
            await plane.LabelAsync(parsed.GetRequiredValue(id), ToJson(parsed.GetRequiredValue(value)), cancellation);
            Terminal.Line($"{parsed.GetValue(id)} is labelled {parsed.GetValue(value)}");
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Alerts()
    {
        var name = new Argument<string?>("USECASE") { Description = "One use case; all when absent.", Arity = ArgumentArity.ZeroOrOne };
        var limit = Limit(50);
        var json = Json();
        var planes = new ControlPlanes();
        var command = new Verb("alerts", "Lists alerts, firing ones first.", "slipway alerts") { name, limit, json };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var plane = planes.Open(parsed);
            var alerts = await plane.AlertsAsync(parsed.GetValue(name), parsed.GetValue(limit), cancellation);
            if (parsed.GetValue(json)) Terminal.WriteJson(alerts);
            else if (alerts.Count == 0) Terminal.Line("No alert has fired.");
            else Terminal.Table(["STATE", "SINCE", "ENDED", "USE CASE", "WATCH", "WHAT"], alerts.Select(a => (IReadOnlyList<string>)[
                a.EndedAt is null ? "firing" : "over", a.StartedAt.ToString("u"), a.EndedAt?.ToString("u") ?? "", a.UseCase, a.Watch, a.Message]));
            return CommandLine.Ok;
        });
        return command;
    }

    private static Option<int> Limit(int count) => new("--limit") { HelpName = "N", Description = "How many at most.", DefaultValueFactory = _ => count };

    private static Option<bool> Json() => new("--json") { Description = "Write JSON." };

    private static JsonElement ToJson(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
