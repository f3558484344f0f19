using System.CommandLine;
using Slipway.Models;
using Slipway.Models.Formats.Pmml.Export;
using Slipway.Models.Packages;

namespace Slipway.App.Cli.Commands;

/// <summary><c>slipway convert PATH --to pmml --output FILE</c>: a model in another format, with the same answers.</summary>
public static class ConvertCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A model file or a package folder: tree ensembles and linear boosters (XGBoost JSON and UBJ)." };
        var to = new Option<string>("--to") { HelpName = "FORMAT", Required = true, Description = "The format to write: pmml (4.4)." };
        to.AcceptOnlyFromAmong("pmml");
        var output = new Option<string>("--output") { HelpName = "FILE", Required = true, Description = "The file to write; one that is there is replaced." };
        var command = new Verb("convert", "Writes a model in another format, which gives the same answers.", "slipway convert model.json --to pmml --output model.pmml") { path, to, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (from, target) = (parsed.GetRequiredValue(path), Path.GetFullPath(parsed.GetRequiredValue(output)));
            if (Path.GetFullPath(from) == target) throw new UsageException("PATH and --output are the same file.");
            if (Directory.Exists(target)) throw new UsageException($"--output is a folder: {target}");
            var package = ModelPackage.Open(from, Runtimes.Default);
            if (package.ArtifactPath == target) throw new UsageException("--output is the package's own model file.");
            var length = await Terminal.ProgressAsync("Converting", progress => Task.Run(() => Convert(package, target, share => progress(share, ""), cancellation), cancellation));
            Terminal.Line($"{length} bytes written to {parsed.GetRequiredValue(output)}");
            return CommandLine.Ok;
        });
        return command;
    }

    /// <summary>The file appears under its name once it is whole.</summary>
    private static long Convert(ModelPackage package, string output, Action<double> progress, CancellationToken cancellation)
    {
        var partial = Path.Combine(Path.GetDirectoryName(output)!, $".{Path.GetFileName(output)}.partial");
        try
        {
            long length;
            using (var stream = File.Create(partial))
            {
                PmmlExport.Write(package, stream, progress, cancellation);
                length = stream.Length;
            }
            File.Move(partial, output, overwrite: true);
            return length;
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
