using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.Actions;

/// <summary>How important a line of the log is.</summary>
public enum LogImportance
{
    Information,
    Warning,
    Error,
}

/// <summary>One line in the server's log for every row.</summary>
[Component("log")]
[Summary("Writes one line to the server's log for every row.")]
[Example("log: \"machine {id}: risk {prediction}\"")]
public sealed record LogSink(
    [Body, Summary("The line: {column} stands for the row's value, {{ and }} for braces. Without it, all columns.")] string? Message = null,
    [Summary("How important the line is.")] LogImportance Level = LogImportance.Information) : SinkSpec
{
    public override void Check(TableSchema schema)
    {
        if (Message is not null) LogLines.Parse(Message, schema);
    }

    public override ISink Open(TableSchema schema, ConnectorContext context) => new LogLines(this, schema, context);
}

/// <summary>The sink behind <see cref="LogSink"/>.</summary>
internal sealed class LogLines : ISink
{
    private readonly ConnectorContext _context;
    private readonly LogLevel _level;
    private readonly ImmutableArray<string> _texts;
    private readonly SinkColumns _columns;

    public LogLines(LogSink spec, TableSchema schema, ConnectorContext context)
    {
        _context = context;
        _level = spec.Level switch { LogImportance.Warning => LogLevel.Warning, LogImportance.Error => LogLevel.Error, _ => LogLevel.Information };
        (_texts, var names) = spec.Message is null ? ([], []) : Parse(spec.Message, schema);
        _columns = new SinkColumns(names);
        WritesAll = spec.Message is null;
    }

    private bool WritesAll { get; }

    public ValueTask WriteAsync(Batch rows, string deliveryId, CancellationToken cancellation)
    {
        if (!_context.Log.IsEnabled(_level)) return ValueTask.CompletedTask;
        var columns = WritesAll || _texts.Length > 1 ? _columns.In(rows) : [];
        var line = new StringBuilder();
        for (int row = 0, count = rows.Rows; row < count; row++)
        {
            line.Clear();
            for (var i = 0; i < columns.Length; i++)
            {
                if (WritesAll) line.Append(i == 0 ? "" : ", ").Append(columns[i].Name).Append(' ');
                else line.Append(_texts[i]);
                AppendValue(line, rows[columns[i].Tensor], columns[i].At(row));
            }
            if (!WritesAll) line.Append(_texts[^1]);
            _context.Log.Log(_level, "{UseCase}: {Line}", _context.UseCase, line.ToString());
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void AppendValue(StringBuilder line, Tensor tensor, int at)
    {
        if (tensor.IsMissing(at)) line.Append("(missing)");
        else if (tensor.Type == ElementType.Bytes) line.Append(tensor.GetText(at)!.ReplaceLineEndings(" "));
        else if (tensor.Type == ElementType.Bool) line.Append(tensor.RawData[at] != 0 ? "true" : "false");
        else if (tensor.Type == ElementType.Float32) line.Append(CultureInfo.InvariantCulture, $"{tensor.Values<float>()[at]}");
        else if (tensor.Type == ElementType.Int64) line.Append(CultureInfo.InvariantCulture, $"{tensor.Values<long>()[at]}");
        else line.Append(CultureInfo.InvariantCulture, $"{tensor.NumberAt(at)}");
    }

    /// <summary>The fixed texts before, between and after the columns, and the columns.</summary>
    internal static (ImmutableArray<string> Texts, ImmutableArray<string> Names) Parse(string message, TableSchema schema)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        var names = ImmutableArray.CreateBuilder<string>();
        var text = new StringBuilder();
        for (var i = 0; i < message.Length; i++)
        {
            var c = message[i];
            if (c is '{' or '}' && i + 1 < message.Length && message[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var end = message.IndexOf('}', i);
                if (end < 0) throw Problem("a '{' without its '}'; a brace itself is written twice");
                var name = message[(i + 1)..end];
                if (!SinkColumns.IsKnown(name, schema)) throw Problem(SinkColumns.Unknown(name, schema));
                texts.Add(text.ToString());
                names.Add(name);
                text.Clear();
                i = end;
            }
            else if (c == '}')
            {
                throw Problem("a '}' without its '{'; a brace itself is written twice");
            }
            else
            {
                text.Append(c);
            }
        }
        texts.Add(text.ToString());
        return (texts.ToImmutable(), names.ToImmutable());
    }

    private static SpecException Problem(string message) => new(null, new SpecProblem("message", 0, 0, message));
}
