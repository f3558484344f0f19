using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Slipway.App.Cli;

/// <summary>What a person sees: tables, progress on a terminal, plain lines elsewhere, JSON for programs.</summary>
public static class Terminal
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static void Line(string text = "") => Console.Out.WriteLine(text);

    public static void Error(string text) => Console.Error.WriteLine(text);

    public static void WriteJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>A table: aligned columns on a terminal, tab-separated values in a pipe.</summary>
    public static void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (Console.IsOutputRedirected)
        {
            Line(string.Join('\t', headers));
            foreach (var row in rows) Line(string.Join('\t', row.Select(cell => cell.ReplaceLineEndings(" ").Replace('\t', ' '))));
            return;
        }
        var table = new Table().Border(TableBorder.None);
        foreach (var header in headers) table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(header)}[/]")).NoWrap());
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        AnsiConsole.Write(table);
    }

    /// <summary>A table within other text: aligned and indented, also in a pipe.</summary>
    /// <param name="numbersFrom">Columns from here on are aligned to the right.</param>
    public static void Aligned(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, int numbersFrom)
    {
        IReadOnlyList<string>[] lines = [headers, .. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(cell => cell.ReplaceLineEndings(" "))])];
        var widths = headers.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            Line("  " + string.Join("  ", line.Select((cell, column) => column < numbersFrom ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        }
    }

    /// <summary>Name and value, one a line, values aligned.</summary>
    public static void Facts(IEnumerable<(string Name, string Value)> facts)
    {
        var list = facts.ToArray();
        var width = list.Length == 0 ? 0 : list.Max(f => f.Name.Length);
        foreach (var (name, value) in list) Line($"  {name.PadRight(width)}  {value}");
    }

    /// <summary>
    /// Runs work that reports a share from 0 to 1 (negative: unknown) and a text: a progress bar on a terminal, nothing in a pipe.
    /// </summary>
    public static async Task<T> ProgressAsync<T>(string title, Func<Action<double, string>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work((_, _) => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                return await work((share, text) =>
                {
                    if (share < 0) task.IsIndeterminate = true;
                    else task.Value = share * 100;
                    task.Description = Markup.Escape($"{title} {text}");
                });
            });
    }
}
