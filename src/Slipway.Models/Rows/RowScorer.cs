using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Rows;

/// <summary>
/// Scores one row at a time without a batch: set the inputs, score, read the outputs. For callers with one row in hand; allocates nothing unless
/// a row brings new texts. Not thread-safe: one per thread, see <see cref="RowProgramModel.CreateScorer"/>.
/// </summary>
public sealed class RowScorer
{
    private readonly RowProgram _program;
    private readonly InputField[] _inputs;
    private readonly double[] _cells;
    private readonly RowTexts _texts;
    private readonly string?[] _refused;

    internal RowScorer(RowProgram program)
    {
        _program = program;
        _inputs = [.. program.Inputs];
        _texts = new RowTexts(program.Symbols);
        _cells = new double[program.SlotCount];
        _refused = new string?[program.Inputs.Length];
        Initialize();
    }

    /// <summary>The inputs in order, by name.</summary>
    public int InputCount => _program.Inputs.Length;

    public int OutputCount => _program.Outputs.Length;

    public string InputName(int input) => _program.Inputs[input].Name;

    public string OutputName(int output) => _program.Outputs[output].Name;

    public CellType OutputType(int output) => _program.Outputs[output].Format.Type;

    /// <summary>
    /// Gives an input the value that a text means in a field of its type. A value that the model does not allow refuses the record if scoring needs it.
    /// </summary>
    public void Set(int input, ReadOnlySpan<char> text)
    {
        var field = _inputs[input];
        if (field.IsText && _texts.Find(text) is >= 0 and var symbol && field.Treatment.Takes(symbol))
        {
            _cells[field.Slot] = symbol;
            return;
        }
        var cell = field.IsText ? _texts.Intern(text) : field.IsNumber && NumberText.TryParse(text, out double number) ? number : field.Format.Parse(text);
        if (!field.Treatment.TryApply(field.Treatment.OrMissing(cell, text), out _cells[field.Slot])) Refuse(input, text.ToString());
    }

    /// <summary>Gives an input a number; NaN is no value.</summary>
    /// <inheritdoc cref="Set(int, ReadOnlySpan{char})"/>
    public void Set(int input, double number)
    {
        var field = _inputs[input];
        var cell = double.IsNaN(number) ? Cell.Missing : field.IsNumber ? number : field.Format.FromNumber(number, _texts);
        if (!field.Treatment.TryApply(cell, out _cells[field.Slot])) Refuse(input, double.IsNaN(number) ? null : number.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Gives an input no value.</summary>
    public void SetMissing(int input)
    {
        var field = _inputs[input];
        if (!field.Treatment.TryApply(Cell.Missing, out _cells[field.Slot])) Refuse(input, null);
    }

    /// <summary>Scores the row of the inputs as they were last set; before the first time they are missing.</summary>
    /// <exception cref="RecordException">The record cannot be scored.</exception>
    public void Score()
    {
        _program.Reset(_cells);
        try
        {
            _program.Model.Score(new Row(_cells, _texts));
        }
        catch (RefusedInputException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>Forgets the texts of the rows before. To be called now and then when rows bring texts that the model does not name; outputs and inputs are lost.</summary>
    public void Clear()
    {
        _texts.Clear();
        Initialize();
    }

    /// <exception cref="RecordException">The output needs an input that the model does not allow.</exception>
    /// <returns>False when the output is missing. A text is given by <see cref="Text"/>.</returns>
    public bool TryGetNumber(int output, out double number)
    {
        number = Evaluate(output);
        return !Cell.IsMissing(number);
    }

    /// <summary>An output as text, whatever its type.</summary>
    /// <returns>Null when it is missing.</returns>
    public string? Text(int output)
    {
        var cell = Evaluate(output);
        return Cell.IsMissing(cell) ? null : _program.Outputs[output].Format.Print(cell, _texts);
    }

    private void Initialize()
    {
        _program.Initialize(_cells);
        for (var i = 0; i < _inputs.Length; i++) SetMissing(i);
    }

    private double Evaluate(int output)
    {
        try
        {
            return _program.Outputs[output].Value.Evaluate(new Row(_cells, _texts));
        }
        catch (RefusedInputException e)
        {
            throw Explain(e);
        }
    }

    private void Refuse(int input, string? text)
    {
        _cells[_program.Inputs[input].Slot] = Cell.Refused;
        _refused[input] = text;
    }

    private RecordException Explain(RefusedInputException refused)
    {
        var input = _program.InputAt(refused.Slot);
        return _program.Inputs[input].Treatment.Refusal(_refused[input]);
    }
}
