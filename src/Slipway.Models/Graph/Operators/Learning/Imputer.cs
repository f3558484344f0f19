using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Imputer: another value in the place of one (or of NaN), one for all features or one for each; float32 and int64.</summary>
internal sealed class Imputer : Operator
{
    private readonly float[] _floats;
    private readonly long[] _integers;
    private readonly float _replacedFloat;
    private readonly long _replacedInteger;

    public Imputer(NodeInfo node)
    {
        _floats = node.Floats("imputed_value_floats") ?? [];
        _integers = node.Ints("imputed_value_int64s") ?? [];
        _replacedFloat = node.Float("replaced_value_float", 0);
        _replacedInteger = node.Int("replaced_value_int64", 0);
        if (_floats.Length > 0 == _integers.Length > 0) throw node.Wrong("one of the attributes 'imputed_value_floats' and 'imputed_value_int64s' is expected");
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Element(0) is not (DataType.Undefined or DataType.Float32 or DataType.Int64)) throw new ModelException($"float or int64 is expected, {context.Element(0).Text} is given");
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override bool CanOverwrite(int input) => true;

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        if (x.Element == DataType.Float32) Fill(x, context.Output(0), _floats, _replacedFloat);
        else Fill(x, context.Output(0), _integers, _replacedInteger);
    }

    private static void Fill<T>(TensorValue input, TensorValue output, T[] imputed, T replaced) where T : unmanaged, System.Numerics.INumber<T>
    {
        var period = FeatureRows.Period(input);
        if (imputed.Length != 1 && imputed.Length != period) throw new RecordException($"{imputed.Length} imputed values of the input's type are given for {period} features");
        var x = input.Values<T>();
        var y = output.Values<T>();
        var (forNaN, c, step) = (T.IsNaN(replaced), 0, imputed.Length == 1 ? 0 : 1);
        for (var i = 0; i < x.Length; i++)
        {
            var value = x[i];
            y[i] = (forNaN ? T.IsNaN(value) : value == replaced) ? imputed[c] : value;
            c += step;
            if (c == imputed.Length) c = 0;
        }
    }
}
