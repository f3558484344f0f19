using System.CommandLine;
using Slipway.App.Api;
using Slipway.App.Control;
using Slipway.App.Demo;
using Slipway.App.Hosting;
using Slipway.Core;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Cli.Commands;

/// <summary><c>slipway demo</c>: the server with the machine-failure example on a machine that is made up, but whose rows are really read, scored and watched.</summary>
public static class DemoCommand
{
    private const int Seed = 7;
    private const long DriftAfter = 700;

    private static readonly DateTimeOffset FirstJob = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Command Create()
    {
        var data = new Option<string>("--data") { HelpName = "DIR", Description = "Where the demo keeps everything; delete it to begin anew.", DefaultValueFactory = _ => Path.Combine("data", "demo") };
        var urls = new Option<string>("--urls") { HelpName = "URL", Description = "Addresses to listen on.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var command = new Verb("demo", "Starts the server and runs the machine-failure example on it: rows arrive, are scored, stored and watched; after two minutes they drift.", "slipway demo --data data/demo") { data, urls };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(data), parsed.GetRequiredValue(urls), cancellation));
        command.Subcommands.Add(Rows());
        return command;
    }

    private static Command Rows()
    {
        var count = new Option<int>("--count") { HelpName = "N", Description = "How many rows.", DefaultValueFactory = _ => 1000 };
        var seed = new Option<int>("--seed") { HelpName = "N", Description = "Chooses the sequence.", DefaultValueFactory = _ => 1 };
        var drift = new Option<long?>("--drift-after") { HelpName = "N", Description = "From this row on the machine drifts." };
        var labels = new Option<bool>("--labels") { Description = "Adds a last column: did the machine fail?" };
        var output = new Option<string>("--output") { HelpName = "FILE", Required = true, Description = "The CSV file to write." };
        var command = new Verb("rows", "Writes rows of the demo's machine, for training and trying out.", "slipway demo rows --count 20000 --labels --output machine.csv") { count, seed, drift, labels, output };
        command.SetAction(parsed =>
        {
            var machine = new MillingMachine(parsed.GetValue(seed), parsed.GetValue(drift));
            var labelled = parsed.GetValue(labels);
            using var writer = new StreamWriter(parsed.GetRequiredValue(output)) { NewLine = "\n" };
            writer.WriteLine(MillingMachine.Header + (labelled ? ",failure" : ""));
            for (var i = 0; i < parsed.GetValue(count); i++)
            {
                var row = machine.Next();
                writer.WriteLine(row.ToCsv(FirstJob.AddMinutes(i)) + (labelled ? row.Failure ? ",1" : ",0" : ""));
            }
            Terminal.Line($"{parsed.GetValue(count)} rows are in {parsed.GetValue(output)}");
        });
        return command;
    }

    private static async Task<int> RunAsync(string data, string urls, CancellationToken cancellation)
    {
        var example = FindExample();
        using var feeding = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var feed = Task.CompletedTask;
        try
        {
            return await ServeCommand.RunAsync(new ServerOptions(data, urls), cancellation, async server =>
            {
                var folder = Path.GetFullPath(Path.Combine(data, "machine-failure"));
                var rows = Path.Combine(folder, "rows");
                Directory.CreateDirectory(rows);
                await DeployAsync(server.Services.GetRequiredService<Engine>(), example, folder, cancellation);
                feed = new MachineFeed(Path.Combine(rows, "jobs.csv"), Seed, DriftAfter, TimeProvider.System).RunAsync(feeding.Token);
                Terminal.Line($"""

                    The milling machine writes five jobs a second to {Path.Combine(data, "machine-failure", "rows", "jobs.csv")}.
                      dashboard    {server.Urls.First()}
                      predictions  {Path.Combine(data, "machine-failure", "predictions.db")}
                      metrics      {server.Urls.First()}/metrics
                    In about two minutes its bearing wears out: torque rises, and the drift alert fires. Ctrl+C ends the demo; started again it goes on.
                    """);
            });
        }
        finally
        {
            await feeding.CancelAsync();
            await feed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task DeployAsync(Engine engine, string example, string folder, CancellationToken cancellation)
    {
        await using var plane = LocalControlPlane.Of(engine, "demo");
        await plane.PushAsync("machine-failure", Path.Combine(example, "package"), "champion", "the demo's model", null, cancellation);
        var yaml = await File.ReadAllTextAsync(Path.Combine(example, "use-case.yaml"), cancellation);
        await plane.ApplyAsync(UseCaseSpec.Read(yaml).Value.UseCase, new ApplyRequest(yaml, folder), cancellation);
    }

    private static string FindExample()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var example = Path.Combine(folder.FullName, "examples", "machine-failure");
            if (File.Exists(Path.Combine(example, "use-case.yaml"))) return example;
        }
        throw new SlipwayException("the demo needs the folder examples/machine-failure of a checkout, which is not above this program");
    }
}
