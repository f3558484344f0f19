using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Data;
using Slipway.Data.Numpy;
using Slipway.Models;

namespace Slipway.App.Cli.Commands;

/// <summary>A row that the file's format or the model does not allow.</summary>
/// <param name="Line">Where it starts in the file, counted from 1.</param>
public sealed record RefusedRow(long Line, string Reason);

/// <summary>
/// Scores the rows of a table into another, batch by batch. The first row that is refused ends it; or, when refused rows are skipped, their results are missing
/// and the others are answered as if they were not there.
/// </summary>
/// <param name="input">Named in errors.</param>
/// <param name="copied">Columns of the input that stand beside the results.</param>
public sealed class TableScoring(IModel model, string input, ImmutableArray<string> copied, bool skipRefused)
{
    private const int BatchRows = 8192;

    /// <summary>Of rows that hold tensors: a network takes many times as much for its own.</summary>
    private const long BatchBytes = 1 << 18;

    private const int MostReported = 10;

    private readonly List<RefusedRow> _refused = [];

    /// <summary>The results' names, types and shapes, as first seen: what they are where every row of a batch is refused.</summary>
    private ImmutableArray<TensorSpec> _form = [];

    /// <summary>Rows read, refused ones too.</summary>
    public long Rows { get; private set; }

    public long RefusedRows { get; private set; }

    /// <summary>What the rows of the file are counted in.</summary>
    public string LineName { get; private set; } = "line";

    /// <summary>The first refused rows, at most ten.</summary>
    public IReadOnlyList<RefusedRow> FirstRefused => _refused;

    /// <summary>How many rows one batch of a model may have: as many as its inputs say where they do; all of the file when its rows are not independent.</summary>
    public static int LargestBatch(IModel model, ITableReader reader)
    {
        if (model.Signature.Rows != RowRelation.Independent || reader is NumpyReader { IsTable: false }) return int.MaxValue;
        foreach (var input in model.Signature.Inputs)
        {
            if (input.Shape is [> 0 and <= int.MaxValue and var rows, ..]) return (int)rows;
        }
        return reader is NumpyReader arrays ? (int)Math.Clamp(BatchBytes / Math.Max(1, arrays.RowBytes), 1, BatchRows) : BatchRows;
    }

    /// <exception cref="RecordException">A row is refused, and refused rows are not skipped; or the table's columns cannot feed the model.</exception>
    public void Run(ITableReader reader, ITableWriter writer, Action<long> progress, CancellationToken cancellation)
    {
        LineName = reader.LineName;
        if (reader is NumpyReader { IsTable: false })
        {
            ScoreAtOnce(reader, writer);
            return;
        }
        while (reader.Read(LargestBatch(model, reader)) is { } rows)
        {
            using (rows)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Rows == 0) RequireColumns(rows, reader is NumpyReader ? 1 : 0);
                Score(new RowsOfFile(rows, reader.Lines, reader.Faults), writer);
                Rows += rows.Rows + reader.Faults.Count;
                progress(Rows);
            }
        }
    }

    /// <summary>Arrays that are no rows are the inputs of one run.</summary>
    private void ScoreAtOnce(ITableReader reader, ITableWriter writer)
    {
        if (skipRefused || !copied.IsEmpty) throw new UsageException($"--columns and --on-error are about rows, and the arrays of {input} do not share their first dimension.");
        using var given = reader.Read(int.MaxValue)!;
        using var answers = Answer(given);
        if (writer is not NumpyWriter && answers.Any(a => a.Rows != answers[0].Rows)) throw new UsageException($"The answers ({answers}) are no rows of a table: name an --output of .npz.");
        writer.Write(answers);
        Rows = 1;
    }

    private Batch Answer(Batch given)
    {
        try
        {
            return model.Score(given);
        }
        catch (RecordException e)
        {
            throw new RecordException($"{input}: {e.Message}", e);
        }
    }

    /// <summary>A column that is absent or holds something else altogether is no fault of any row.</summary>
    /// <param name="witnesses">Rows to try it with: tensors have a shape to show, of columns none is enough.</param>
    private void RequireColumns(Batch rows, int witnesses)
    {
        if (model.Signature.Inputs.Any(i => i.Columns.IsEmpty && i.Shape is [not -1, ..])) return; // No number of rows but one fits these.
        using var few = rows.Take([.. Enumerable.Range(0, witnesses)]);
        try
        {
            var bound = InputBinding.Bind(model.Signature, few, allowExtra: true);
            if (!ReferenceEquals(bound, few)) bound.Dispose();
        }
        catch (RecordException e)
        {
            throw new RecordException($"{input}: {e.Message}", e);
        }
    }

    private void Score(RowsOfFile given, ITableWriter writer)
    {
        var parts = new List<ScoredRows>();
        try
        {
            var refused = given.Faults.Select(f => new RefusedRow(f.Line, f.Reason)).ToList();
            var ends = refused.Count > 0 && !skipRefused;
            Score(given, 0, ends ? given.Before(refused[0].Line) : given.Lines.Count, parts, refused);
            if (ends) throw Refusal(refused[0]);
            Report(refused);
            var form = Form(parts);
            using var results = refused.Count == 0 ? Join(given.Rows, parts[0].Answers) : Spread(given, parts, form);
            writer.Write(results);
        }
        finally
        {
            foreach (var part in parts) part.Answers.Dispose();
        }
    }

    /// <summary>Scores a range of rows without those that the model refuses: a row that it names is left out, and where it names none the range is halved until one stands alone.</summary>
    private void Score(RowsOfFile given, int start, int count, List<ScoredRows> parts, List<RefusedRow> refused)
    {
        if (count == 0) return;
        RecordException refusal;
        var whole = count == given.Rows.Rows;
        var range = whole ? [] : Enumerable.Range(start, count).ToArray();
        var rows = whole ? given.Rows : given.Rows.Take(range);
        try
        {
            parts.Add(new ScoredRows(start, count, model.Score(rows)));
            return;
        }
        catch (RecordException e)
        {
            refusal = e;
        }
        finally
        {
            if (!whole) rows.Dispose();
        }
        if (refusal.Row is null && count > 1 && model.Signature.Rows != RowRelation.Independent) throw new RecordException($"{input}: {refusal.Message}", refusal);
        var rest = start;
        if (refusal.Row is not null || count == 1)
        {
            var bad = start + (refusal.Row ?? 0);
            var row = new RefusedRow(given.Lines[bad], refusal.Reason);
            if (!skipRefused) throw Refusal(row, refusal);
            Score(given, start, bad - start, parts, refused);
            refused.Add(row);
            rest = bad + 1;
        }
        var half = (start + count - rest) / 2;
        Score(given, rest, half, parts, refused);
        Score(given, rest + half, start + count - rest - half, parts, refused);
    }

    private RecordException Refusal(RefusedRow row, Exception? cause = null) => new($"{input} {LineName} {row.Line}: {row.Reason}", cause);

    private void Report(List<RefusedRow> refused)
    {
        RefusedRows += refused.Count;
        if (_refused.Count < MostReported) _refused.AddRange(refused.OrderBy(r => r.Line).Take(MostReported - _refused.Count));
    }

    private Batch Join(Batch rows, Batch answers)
    {
        var results = new Batch();
        foreach (var name in copied) results.Add(rows[name].Copy());
        foreach (var answer in answers) results.Add(answer.Copy());
        return results;
    }

    /// <summary>One row for every row of the file, in its order; what is refused has missing values.</summary>
    private Batch Spread(RowsOfFile given, List<ScoredRows> parts, ImmutableArray<TensorSpec> form)
    {
        var answered = new (Batch? Answers, int Row)[given.Rows.Rows];
        foreach (var part in parts)
        {
            if (part.Answers.Rows != part.Count) throw new ModelException($"the model gives {part.Answers.Rows} answers to {part.Count} rows");
            for (var i = 0; i < part.Count; i++) answered[part.Start + i] = (part.Answers, i);
        }
        var order = given.Order();
        var results = new Batch();
        foreach (var name in copied)
        {
            var column = given.Rows[name];
            results.Add(Spread(new TensorSpec(name, column.Type, [1]), [.. order.Select(row => row < 0 ? default : (column, row))]));
        }
        for (var i = 0; i < form.Length; i++)
        {
            results.Add(Spread(form[i], [.. order.Select(row => row < 0 || answered[row].Answers is not { } answers ? default : (answers[i], answered[row].Row))]));
        }
        return results;
    }

    private static Tensor Spread(TensorSpec form, (Tensor? From, int Row)[] rows)
    {
        var spread = Tensor.Uninitialized(form.Name, form.Type, [rows.Length, .. form.Shape.Skip(1)]);
        var (stride, size) = (spread.Stride, spread.Stride * spread.Type.Size);
        for (var i = 0; i < rows.Length; i++)
        {
            var (from, row) = rows[i];
            if (spread.Type != ElementType.Bytes)
            {
                var to = spread.RawData.Slice(i * size, size);
                if (from is null) to.Clear();
                else from.RawData.Slice(row * size, size).CopyTo(to);
            }
            for (var element = 0; element < stride; element++)
            {
                if (spread.Type == ElementType.Bytes) spread.Append(from is null ? [] : from.GetBytes((row * stride) + element));
                if (from is null || from.IsMissing((row * stride) + element)) spread.SetMissing((i * stride) + element);
            }
        }
        return spread;
    }

    private ImmutableArray<TensorSpec> Form(List<ScoredRows> parts)
    {
        if (_form.IsEmpty)
        {
            _form = parts.Count > 0
                ? [.. parts[0].Answers.Select(a => new TensorSpec(a.Name, a.Type, [.. a.Shape]))]
                : [.. model.Signature.Outputs.Select(o => o with { Shape = [.. o.Shape.Select(d => d < 0 ? 1 : d)] })];
        }
        return _form;
    }

    /// <summary>Answers to consecutive rows of a batch.</summary>
    private sealed record ScoredRows(int Start, int Count, Batch Answers);

    /// <summary>A batch of rows that could be read, with the lines where they start, and those that could not.</summary>
    private sealed record RowsOfFile(Batch Rows, IReadOnlyList<long> Lines, IReadOnlyList<TableFault> Faults)
    {
        /// <summary>How many rows of the batch start before a line.</summary>
        public int Before(long line) => Lines.Count(l => l < line);

        /// <summary>For each row in the file's order, its row in the batch; -1 for one that could not be read.</summary>
        public int[] Order()
        {
            var order = new int[Lines.Count + Faults.Count];
            for (int i = 0, row = 0, fault = 0; i < order.Length; i++)
            {
                var readable = fault == Faults.Count || (row < Lines.Count && Lines[row] < Faults[fault].Line);
                order[i] = readable ? row++ : -1;
                if (!readable) fault++;
            }
            return order;
        }
    }
}
