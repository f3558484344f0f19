using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Packages;
using Slipway.Models.Rows.Tables;

namespace Slipway.Models.Rows;

/// <summary>A row program behind the contract of models: one column a field in, one column an output out.</summary>
public sealed class RowProgramModel : IRecordedModel
{
    /// <summary>Cells in a block of rows: small enough for the second-level cache.</summary>
    private const int CellsPerBlock = 1 << 14;
    private const int MaxRowsPerBlock = 256;

    private readonly RowProgram _program;
    private readonly Func<RowProgram, IEnumerable<CarriedRows>>? _recorded;
    private readonly int _rowsPerBlock;
    private readonly ConcurrentBag<RowTexts> _texts = [];
    private volatile bool _disposed;

    /// <param name="recorded">The rows that the model's file carries; null when it carries none.</param>
    internal RowProgramModel(RowProgram program, Func<RowProgram, IEnumerable<CarriedRows>>? recorded = null)
    {
        _program = program;
        _recorded = recorded;
        _rowsPerBlock = program.IsSequential ? 1 : Math.Clamp(CellsPerBlock / Math.Max(1, program.SlotCount), 1, MaxRowsPerBlock);
        Signature = new Signature(
            [.. program.Inputs.Select(InputSpec)],
            [.. program.Outputs.Select(o => new TensorSpec(o.Name, ElementTypeOf(o.Format), [-1], Optional: true))],
            RelationOf(program));
    }

    public Signature Signature { get; }

    internal RowProgram Program => _program;

    /// <summary>For scoring single rows without a batch.</summary>
    public RowScorer CreateScorer() => new(_program);

    /// <summary>None when answers are not one a row: the rows in a file say nothing of groups and steps.</summary>
    public IEnumerable<CarriedRows> RecordedRows() => Signature.AnswersByRow && _recorded is not null ? _recorded(_program) : [];

    public Batch Run(Batch inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var rows = inputs.Rows;
        var columns = new Tensor?[_program.Inputs.Length];
        for (var i = 0; i < columns.Length; i++) columns[i] = Column(i, inputs);
        if (_program.Model is TableModel table) return Answer(table, columns, inputs.Count == 0 && table.NeedsNoColumn ? 1 : rows);
        var outputs = new Batch();
        var slots = _program.SlotCount;
        var cells = ArrayPool<double>.Shared.Rent(_rowsPerBlock * slots);
        if (!_texts.TryTake(out var texts)) texts = new RowTexts(_program.Symbols);
        try
        {
            for (var i = 0; i < _program.Outputs.Length; i++) outputs.Add(Tensor.Uninitialized(_program.Outputs[i].Name, Signature.Outputs[i].Type, rows));
            for (var r = 0; r < Math.Min(rows, _rowsPerBlock); r++) _program.Initialize(cells.AsSpan(r * slots, slots));
            for (var first = 0; first < rows; first += _rowsPerBlock)
            {
                var count = Math.Min(_rowsPerBlock, rows - first);
                Run(columns, first, new RowBlock(cells.AsSpan(0, count * slots), slots, texts), outputs);
                if (!_program.IsSequential) texts.Clear();
            }
            return outputs;
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
        finally
        {
            texts.Clear();
            _texts.Add(texts);
            ArrayPool<double>.Shared.Return(cells);
        }
    }

    public void Dispose() => _disposed = true;

    private Batch Answer(TableModel table, Tensor?[] columns, int rows)
    {
        var records = new RecordTable(_program, columns, rows);
        var answers = new AnswerTable(_program, records.Texts);
        try
        {
            table.Answer(records, answers);
        }
        catch (RefusedInputException e)
        {
            throw new RecordException(records.Current, Refusal(e.Slot, columns, records.Current).Message, e);
        }
        catch (RecordException e)
        {
            throw new RecordException(records.Current, e.Message, e);
        }
        return answers.ToBatch(Signature);
    }

    private Tensor? Column(int index, Batch inputs)
    {
        var input = _program.Inputs[index];
        if (!inputs.TryGet(input.Name, out var column))
        {
            if (Signature.Inputs[index].Optional) return null;
            throw new RecordException($"input '{input.Name}' is absent; given: {string.Join(", ", inputs.Select(t => t.Name))}");
        }
        if (column.Stride != 1) throw new RecordException($"input '{input.Name}' has shape [{string.Join(',', column.Shape.ToArray())}]: one value a row expected");
        return column;
    }

    private void Run(Tensor?[] columns, int first, in RowBlock block, Batch outputs)
    {
        for (var i = 0; i < columns.Length; i++) ColumnLoader.Load(_program.Inputs[i], columns[i], first, block);
        for (var i = 0; i < block.Count; i++) _program.Reset(block[i].Cells);
        var row = first;
        try
        {
            try
            {
                _program.Model.ScoreBlock(block);
            }
            catch (Exception e) when (e is RecordException or RefusedInputException)
            {
                ScoreSingly(block, ref row);
            }
            for (var i = 0; i < _program.Outputs.Length; i++)
            {
                row = first;
                ColumnLoader.Store(_program.Outputs[i], outputs[i], ref row, block);
            }
        }
        catch (RefusedInputException e)
        {
            throw new RecordException(row, Refusal(e.Slot, columns, row).Message, e);
        }
        catch (RecordException e)
        {
            throw new RecordException(row, e.Message, e);
        }
    }

    /// <summary>Finds the row that made a block fail.</summary>
    /// <param name="row">The block's first row; then the one that failed.</param>
    private void ScoreSingly(in RowBlock block, ref int row)
    {
        for (var i = 0; i < block.Count; i++, row++)
        {
            _program.Reset(block[i].Cells);
            _program.Model.Score(block[i]);
        }
    }

    private RecordException Refusal(int slot, Tensor?[] columns, int row)
    {
        var input = _program.InputAt(slot);
        var column = columns[input];
        var text = column is null || column.IsMissing(row) ? null
            : column.Type == ElementType.Bytes ? column.GetText(row) : column.NumberAt(row).ToString("R", CultureInfo.InvariantCulture);
        return _program.Inputs[input].Treatment.Refusal(text);
    }

    private static RowRelation RelationOf(RowProgram program) =>
        program.Model is TableModel { AnswersByRecord: false } ? RowRelation.Grouped
        : program.IsSequential || program.Model is TableModel ? RowRelation.Ordered
        : RowRelation.Independent;

    private TensorSpec InputSpec(InputField input)
    {
        var allowed = input.Format.Type == CellType.Text && input.Treatment.Invalid == InvalidTreatment.Refuse
            ? input.Treatment.ValidValues.Select(v => _program.Symbols[(int)v]).ToImmutableArray() : [];
        return new TensorSpec(input.Name, ElementTypeOf(input.Format), [-1], input.Optional || !input.Treatment.RefuseMissing, AllowedValues: allowed, AnyType: true);
    }

    internal static ElementType ElementTypeOf(CellFormat format) => format.Type switch
    {
        CellType.Integer when format.Origin is null => ElementType.Int64,
        CellType.Float32 => ElementType.Float32,
        CellType.Float64 => ElementType.Float64,
        CellType.Boolean => ElementType.Bool,
        _ => ElementType.Bytes,
    };
}
