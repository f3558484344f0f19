using System.CommandLine;
using Slipway.App.Control;
using Slipway.Core.Expressions;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Models.Packages;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Cli.Commands;

/// <summary><c>check</c>, <c>test</c> and <c>schema</c>: a use case file before it is deployed.</summary>
public static class LabCommands
{
    private sealed record Problems(string File, bool Ok, IReadOnlyList<SpecProblem> Found, IReadOnlyList<string> NotChecked);

    public static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "The use case file." };
        var model = ModelOption();
        var data = ControlPlanes.DataOption();
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Verb("check", "Lints a use case file: every name, type and field, with its place.", "slipway check use-case.yaml") { file, model, data, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            var found = await CheckAsync(path, parsed.GetValue(model), parsed.GetRequiredValue(data), cancellation);
            if (parsed.GetValue(json)) Terminal.WriteJson(found);
            else
            {
                foreach (var problem in found.Found) Terminal.Error($"{path}:{problem}");
                foreach (var part in found.NotChecked) Terminal.Line($"not checked: {part}");
                Terminal.Line(found.Ok ? $"{path} is in order" : $"{found.Found.Count} problem{(found.Found.Count == 1 ? "" : "s")}");
            }
            return found.Ok ? CommandLine.Ok : CommandLine.Failed;
        });
        return command;
    }

    public static Command Test()
    {
        var file = new Argument<string>("FILE") { Description = "The use case file, with its tests." };
        var model = ModelOption();
        var data = ControlPlanes.DataOption();
        var command = new Verb("test", "Runs the tests written in a use case file, through preparation and model.", "slipway test use-case.yaml --model ./package") { file, model, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var useCase = UseCaseFile.Read(parsed.GetRequiredValue(file));
            if (useCase.Spec.Tests.IsEmpty) throw new SlipwayException($"{useCase.Path} has no tests; write some under 'tests:'");
            using var scorer = useCase.OpenModel(parsed.GetValue(model), parsed.GetRequiredValue(data));
            var (schema, reason) = await useCase.SourceSchemaAsync(cancellation);
            if (schema is null) throw new SlipwayException($"{useCase.Path}: {reason}");
            var bound = UseCaseCompiler.Bind(useCase.Document, schema, scorer.SignatureOf(useCase.Spec.Model), columns => new WatchScope(columns));
            int passed = 0, failed = 0;
            foreach (var result in await UseCaseTests.RunAsync(bound, scorer, cancellation))
            {
                _ = result.Passed ? passed++ : failed++;
                Terminal.Line($"{(result.Passed ? "passed" : "failed")}  {result.Name}");
                foreach (var difference in result.Differences) Terminal.Line($"        {difference}");
            }
            Terminal.Line($"{passed} passed, {failed} failed, 0 skipped");
            return failed == 0 ? CommandLine.Ok : CommandLine.Failed;
        });
        return command;
    }

    public static Command Schema()
    {
        var kind = new Argument<string>("KIND") { Description = "use-case or model (model.yaml of a package).", DefaultValueFactory = _ => "use-case" };
        kind.AcceptOnlyFromAmong("use-case", "model");
        var markdown = new Option<bool>("--markdown") { Description = "Writes the reference as Markdown instead." };
        var command = new Verb("schema", "Writes the JSON Schema of use case files or of model.yaml, for editors.", "slipway schema > use-case.schema.json") { kind, markdown };
        command.SetAction(parsed =>
        {
            var root = parsed.GetRequiredValue(kind) == "model" ? typeof(PackageManifest) : typeof(UseCaseSpec);
            Terminal.Line(parsed.GetValue(markdown)
                ? SpecReference.Markdown(root, UseCaseComponents.Catalog)
                : SpecSchema.Export(root, UseCaseComponents.Catalog, $"Slipway {parsed.GetValue(kind)}").ToJsonString(Terminal.Json));
        });
        return command;
    }

    private static Option<string?> ModelOption() => new("--model") { HelpName = "PATH", Description = "A model file or package to use instead of the registry's." };

    private static async Task<Problems> CheckAsync(string path, string? model, string dataFolder, CancellationToken cancellation)
    {
        UseCaseFile useCase;
        try
        {
            useCase = UseCaseFile.Read(path);
        }
        catch (SpecException e)
        {
            return new Problems(path, false, e.Problems, ["names and types: the file itself has mistakes"]);
        }
        var notChecked = new List<string>();
        PackageScorer? scorer = null;
        try
        {
            scorer = useCase.OpenModel(model, dataFolder);
        }
        catch (NotFoundException e)
        {
            notChecked.Add(e.Message);
        }
        using (scorer)
        {
            var (schema, reason) = await useCase.SourceSchemaAsync(cancellation);
            if (reason is not null) notChecked.Add(schema is null ? reason : $"the source itself ({reason}); its columns are taken from the tests");
            var check = UseCaseCompiler.Check(useCase.Document, schema, scorer?.SignatureOf(useCase.Spec.Model), columns => new WatchScope(columns));
            return new Problems(path, check.Problems.IsEmpty, check.Problems, [.. check.NotChecked, .. notChecked]);
        }
    }
}
