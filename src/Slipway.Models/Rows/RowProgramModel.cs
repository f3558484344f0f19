using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Packages;

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
        _rowsPerBlock = Math.Clamp(CellsPerBlock / Math.Max(1, program.SlotCount), 1, MaxRowsPerBlock);
        Signature = new Signature(
            [.. program.Inputs.Select(InputSpec)],
            [.. program.Outputs.Select(o => new TensorSpec(o.Name, ElementTypeOf(o.Format), [-1], Optional: true))]);
    }

    public Signature Signature { get; }

    internal RowProgram Program => _program;

    /// <summary>For scoring single rows without a batch.</summary>
    public RowScorer CreateScorer() => new(_program);

    public IEnumerable<CarriedRows> RecordedRows() => _recorded?.Invoke(_program) ?? [];

    public Batch Run(Batch inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var rows = inputs.Rows;
        var columns = new Tensor?[_program.Inputs.Length];
        for (var i = 0; i < columns.Length; i++) columns[i] = Column(i, inputs);
        var outputs = new Batch();
        var cells = ArrayPool<double>.Shared.Rent(_rowsPerBlock * _program.SlotCount);
        if (!_texts.TryTake(out var texts)) texts = new RowTexts(_program.Symbols);
        try
        {
            for (var i = 0; i < _program.Outputs.Length; i++) outputs.Add(Tensor.Uninitialized(_program.Outputs[i].Name, Signature.Outputs[i].Type, rows));
            for (var r = 0; r < _rowsPerBlock; r++) _program.Initialize(cells.AsSpan(r * _program.SlotCount, _program.SlotCount));
            for (var first = 0; first < rows; first += _rowsPerBlock)
            {
                var count = Math.Min(_rowsPerBlock, rows - first);
                var block = cells.AsSpan(0, count * _program.SlotCount);
                for (var i = 0; i < columns.Length; i++) Load(_program.Inputs[i], columns[i], first, block, texts);
                var row = first;
                try
                {
                    Score(block, texts, ref row);
                    for (var i = 0; i < _program.Outputs.Length; i++)
                    {
                        row = first;
                        Write(_program.Outputs[i], outputs[i], ref row, block, texts);
                    }
                }
                catch (RefusedInputException e)
                {
                    throw new RecordException($"row {row}: {Refusal(e.Slot, columns, row).Message}", e);
                }
                catch (RecordException e)
                {
                    throw new RecordException($"row {row}: {e.Message}", e);
                }
                texts.Clear();
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

    /// <param name="row">The row that is being scored: the last when all went well.</param>
    private void Score(Span<double> block, RowTexts texts, ref int row)
    {
        var slots = _program.SlotCount;
        for (var at = 0; at < block.Length; at += slots, row++)
        {
            var cells = block.Slice(at, slots);
            _program.Reset(cells);
            _program.Model.Score(new Row(cells, texts));
        }
    }

    private void Load(InputField input, Tensor? column, int first, Span<double> block, RowTexts texts)
    {
        var slots = _program.SlotCount;
        var row = first;
        for (var at = input.Slot; at < block.Length; at += slots, row++)
        {
            var cell = column is null || column.IsMissing(row) ? Cell.Missing : Read(input, column, row, texts);
            if (!input.Treatment.TryApply(cell, out block[at])) block[at] = Cell.Refused;
        }
    }

    private static double Read(InputField input, Tensor column, int row, RowTexts texts) => column.Type switch
    {
        ElementType.Bytes when input.Format.Type == CellType.Text => texts.Intern(column.GetBytes(row)),
        ElementType.Bytes => input.Format.Parse(column.GetText(row)),
        ElementType.Float64 => input.Format.FromNumber(column.Values<double>()[row], texts),
        ElementType.Bool when input.Format.Type == CellType.Text => texts.Intern(column.Values<bool>()[row] ? "true" : "false"),
        _ => input.Format.FromNumber(column.NumberAt(row), texts),
    };

    private RecordException Refusal(int slot, Tensor?[] columns, int row)
    {
        var input = _program.InputAt(slot);
        var column = columns[input];
        var text = column is null || column.IsMissing(row) ? null
            : column.Type == ElementType.Bytes ? column.GetText(row) : column.NumberAt(row).ToString("R", CultureInfo.InvariantCulture);
        return _program.Inputs[input].Treatment.Refusal(text);
    }

    private void Write(RowOutput output, Tensor column, ref int row, Span<double> block, RowTexts texts)
    {
        var slots = _program.SlotCount;
        for (var at = 0; at < block.Length; at += slots, row++)
        {
            var cell = output.Value.Evaluate(new Row(block.Slice(at, slots), texts));
            if (column.Type != ElementType.Bytes) Write(column, row, cell);
            else if (Cell.IsMissing(cell)) column.AppendMissing();
            else column.Append(output.Format.Print(cell, texts));
        }
    }

    /// <summary>Writes a cell into a column of numbers or booleans.</summary>
    internal static void Write(Tensor column, int row, double cell)
    {
        if (Cell.IsMissing(cell))
        {
            column.SetMissing(row);
            cell = 0;
        }
        switch (column.Type)
        {
            case ElementType.Int64: column.Values<long>()[row] = (long)cell; break;
            case ElementType.Float32: column.Values<float>()[row] = (float)cell; break;
            case ElementType.Bool: column.Values<bool>()[row] = cell != 0; break;
            default: column.Values<double>()[row] = cell; break;
        }
    }

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
