using System.Runtime.InteropServices;

namespace Slipway.Models.Graph;

/// <summary>SVMRegressor, with support vectors or (without) linear; <c>one_class</c> gives the sign. As in ONNX Runtime there is no post-transform.</summary>
internal sealed class SvmRegressor : Operator
{
    private readonly SvmKernel _kernel;
    private readonly float[] _coefficients;
    private readonly float _rho;
    private readonly bool _isLinear;
    private readonly bool _isOneClass;

    public SvmRegressor(NodeInfo node)
    {
        _coefficients = node.Floats("coefficients") ?? [];
        var supports = node.Int("n_supports", 0);
        _isLinear = supports == 0;
        if (supports < 0 || supports > int.MaxValue) throw node.Wrong($"attribute 'n_supports': {supports} is no number of vectors");
        if (!_isLinear && _coefficients.Length != supports) throw node.Wrong($"attribute 'coefficients' has {_coefficients.Length} values for {supports} vectors");
        _kernel = new SvmKernel(node, _isLinear ? _coefficients : node.Floats("support_vectors") ?? [], _isLinear ? 1 : (int)supports, _isLinear);
        _rho = node.Floats("rho") is [var rho, ..] ? rho : throw node.Wrong("attribute 'rho' is missing");
        _isOneClass = node.Flag("one_class");
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Float32, FeatureRows.Of(context.Shape(0))?.Rows ?? context.NewSymbol(), 1);

    public override long ScratchBytes(RunContext context) =>
        FeatureRows.FloatBytes(context.Input(0)) + ((long)FeatureRows.Of(context.Input(0)).Rows * _kernel.Count * sizeof(float));

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var (rows, features) = FeatureRows.Of(x);
        var floats = FeatureRows.Floats(x, context.Scratch);
        var y = context.Output(0).Values<float>();
        var values = MemoryMarshal.Cast<byte, float>(context.Scratch[(int)FeatureRows.FloatBytes(x)..])[..(rows * _kernel.Count)];
        _kernel.Compute(floats, rows, features, values, context.Threads);
        for (var row = 0; row < rows; row++)
        {
            var score = _isLinear ? values[row] : 0;
            if (!_isLinear)
            {
                for (var v = 0; v < _kernel.Count; v++) score += values[(row * _kernel.Count) + v] * _coefficients[v];
            }
            score += _rho;
            y[row] = !_isOneClass ? score : score > 0 ? 1 : -1;
        }
    }
}
