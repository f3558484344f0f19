using System.CommandLine;
using Slipway.App.Api;
using Slipway.App.Control;
using Slipway.Core;

namespace Slipway.App.Cli.Commands;

/// <summary><c>push</c>, <c>models</c>, <c>alias</c>, <c>pull</c>: the registry.</summary>
public static class RegistryCommands
{
    public static Command Push()
    {
        var name = new Argument<string>("NAME") { Description = "The model's name." };
        var path = new Argument<string>("PATH") { Description = "A model file or a package folder (model.yaml, artifact, recorded rows)." };
        var alias = new Option<string?>("--alias") { HelpName = "A", Description = "Points this alias to the new version: champion, challenger, any word." };
        var why = new Option<string?>("--why") { HelpName = "TEXT", Description = "The reason, for the alias history." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var planes = new ControlPlanes();
        var command = new Verb("push", "Registers a model: replays its recorded rows, stores it, gives it a version.", "slipway push bike-demand ./package --alias champion") { name, path, alias, why, json };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var plane = planes.Open(parsed);
            var answer = await Terminal.ProgressAsync("Pushing", progress => plane.PushAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(path), parsed.GetValue(alias), parsed.GetValue(why), progress, cancellation));
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(answer);
                return CommandLine.Ok;
            }
            var model = await plane.ModelAsync(answer.Name, cancellation);
            var version = model.Versions.First(v => v.Version == answer.Version);
            Terminal.Line($"{answer.Name}/{answer.Version}{(answer.Alias is { Length: > 0 } moved ? $" is {answer.Name}@{moved}" : "")}");
            Terminal.Facts([
                ("format", $"{answer.Format}, runtime {answer.Runtime}"),
                .. version.Inputs.Select(i => ("input", Describe(i))), .. version.Outputs.Select(o => ("output", Describe(o))),
                ("parity", Describe(answer.Parity)), ("digest", answer.Digest)]);
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Models()
    {
        var name = new Argument<string?>("NAME") { Description = "One model, with its versions and alias history.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var planes = new ControlPlanes();
        var command = new Verb("models", "Lists models, or the versions of one.", "slipway models bike-demand") { name, json };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var plane = planes.Open(parsed);
            if (parsed.GetValue(name) is { } wanted) await ShowAsync(plane, wanted, parsed.GetValue(json), cancellation);
            else List(await plane.ModelsAsync(cancellation), parsed.GetValue(json));
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Alias()
    {
        var name = new Argument<string>("NAME") { Description = "The model's name." };
        var alias = new Argument<string>("A") { Description = "The alias: champion, challenger, any word." };
        var version = new Argument<int?>("VERSION") { Description = "The version it shall point to.", Arity = ArgumentArity.ZeroOrOne };
        var remove = new Option<bool>("--remove") { Description = "Removes the alias." };
        var why = new Option<string?>("--why") { HelpName = "TEXT", Description = "The reason, for the history." };
        var planes = new ControlPlanes();
        var command = new Verb("alias", "Points an alias of a model to a version; a server swaps without failing a request.", "slipway alias bike-demand champion 3 --why \"better on holidays\"") { name, alias, version, remove, why };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var number = parsed.GetValue(version);
            if (number is null != parsed.GetValue(remove)) throw new UsageException("Give a version, or --remove.");
            await using var plane = planes.Open(parsed);
            await plane.SetAliasAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(alias), number, parsed.GetValue(why), cancellation);
            Terminal.Line(number is null
                ? $"{parsed.GetValue(name)}@{parsed.GetValue(alias)} is removed"
                : $"{parsed.GetValue(name)}@{parsed.GetValue(alias)} is version {number}");
            return CommandLine.Ok;
        });
        return command;
    }

    public static Command Pull()
    {
        var model = new Argument<string>("NAME[@A|/V]") { Description = "The model, by alias or version; a bare name means champion, else the newest." };
        var folder = new Argument<string>("DIR") { Description = "A new or empty folder." };
        var planes = new ControlPlanes();
        var command = new Verb("pull", "Writes a version's package into a folder.", "slipway pull bike-demand@champion ./package") { model, folder };
        planes.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var reference = Reference(parsed.GetRequiredValue(model));
            var target = parsed.GetRequiredValue(folder);
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()) throw new SlipwayException($"{target} is not empty: give a new folder");
            await using var plane = planes.Open(parsed);
            Directory.CreateDirectory(target);
            var version = await plane.PullAsync(reference, target, cancellation);
            Terminal.Line($"{reference.Name}/{version} is in {target}");
            return CommandLine.Ok;
        });
        return command;
    }

    internal static ModelReference Reference(string text) =>
        ModelReference.TryParse(text, null, out var reference) ? reference : throw new UsageException($"'{text}' is not a model: write NAME, NAME@alias or NAME/version.");

    internal static string Describe(ParityReport parity) => parity.Rows == 0
        ? "no recorded rows to replay"
        : $"{(parity.Passed ? "passed" : "failed")}, {parity.Rows} rows, worst difference {parity.MaxAbsolute:g3} absolute, {parity.MaxRelative:g3} relative, {parity.MaxUlp} ULP{(parity.Reason is null ? "" : ": " + parity.Reason)}";

    private static string Describe(TensorView tensor) =>
        $"{tensor.Name} {tensor.Type}[{string.Join(", ", tensor.Shape.Select(d => d < 0 ? "any" : d.ToString()))}]{(tensor.Columns.IsEmpty ? "" : $" of {string.Join(", ", tensor.Columns)}")}";

    private static void List(IReadOnlyList<ModelView> models, bool json)
    {
        if (json) Terminal.WriteJson(models);
        else if (models.Count == 0) Terminal.Line("No model is registered yet. Register one with: slipway push NAME PATH");
        else
        {
            Terminal.Table(["NAME", "NEWEST", "ALIASES", "RUNTIME", "FORMAT", "STATE"], models.Select(m => (IReadOnlyList<string>)[
                m.Name, m.LatestVersion.ToString(), string.Join(", ", m.Aliases.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}→{a.Value}")),
                m.Versions[0].Runtime, m.Versions[0].Format, m.State]));
        }
    }

    private static async Task ShowAsync(IControlPlane plane, string name, bool json, CancellationToken cancellation)
    {
        var model = await plane.ModelAsync(name, cancellation);
        var history = await plane.HistoryAsync(name, cancellation);
        if (json)
        {
            Terminal.WriteJson(new { model, history });
            return;
        }
        Terminal.Table(["VERSION", "ALIASES", "STATE", "PARITY", "SIZE", "REGISTERED", "BY"], model.Versions.Select(v => (IReadOnlyList<string>)[
            v.Version.ToString(), string.Join(", ", model.Aliases.Where(a => a.Value == v.Version).Select(a => a.Key)), v.State,
            v.Parity.Rows == 0 ? "no recorded rows" : $"{v.Parity.Rows} rows, {v.Parity.MaxAbsolute:g3}", $"{v.Size:n0} B", v.CreatedAt.ToString("u"), v.CreatedBy]));
        if (history.Count == 0) return;
        Terminal.Line();
        Terminal.Table(["WHEN", "ALIAS", "FROM", "TO", "WHO", "WHY"], history.Select(c => (IReadOnlyList<string>)[
            c.When.ToString("u"), c.Alias, c.From?.ToString() ?? "–", c.To?.ToString() ?? "removed", c.Who, c.Why ?? ""]));
    }
}
