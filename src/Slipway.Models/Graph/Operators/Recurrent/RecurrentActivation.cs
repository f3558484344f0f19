using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>A function that recurrent cells apply to gates and states, with its constants.</summary>
internal readonly record struct RecurrentActivation(RecurrentFunction Function, float Alpha, float Beta)
{
    /// <summary>The activations that attributes name; constants are taken from the lists in order by those that have any.</summary>
    public static RecurrentActivation[] Read(NodeInfo node, int directions, params string[] defaults)
    {
        var names = node.Texts("activations") ?? [];
        var count = directions * defaults.Length;
        if (names.Length == 0)
        {
            names = new string[count];
            for (var i = 0; i < count; i++) names[i] = defaults[i % defaults.Length];
        }
        if (names.Length != count) throw node.Wrong($"attribute 'activations' has {names.Length} elements, {count} are expected");
        var (alphas, betas) = (new Queue<float>(node.Floats("activation_alpha") ?? []), new Queue<float>(node.Floats("activation_beta") ?? []));
        var activations = new RecurrentActivation[count];
        for (var i = 0; i < count; i++)
        {
            if (!Enum.TryParse<RecurrentFunction>(names[i], ignoreCase: true, out var function) || char.IsAsciiDigit(names[i][0])) throw node.Wrong($"attribute 'activations': '{names[i]}' is not known");
            var (alpha, beta) = DefaultsOf(function);
            if (alpha is not null && alphas.TryDequeue(out var a)) alpha = a;
            if (beta is not null && betas.TryDequeue(out var b)) beta = b;
            activations[i] = new RecurrentActivation(function, alpha ?? 0, beta ?? 0);
        }
        return activations;
    }

    private static (float? Alpha, float? Beta) DefaultsOf(RecurrentFunction function) => function switch
    {
        RecurrentFunction.Affine => (1, 0),
        RecurrentFunction.LeakyRelu => (0.01f, null),
        RecurrentFunction.ThresholdedRelu => (1, null),
        RecurrentFunction.ScaledTanh => (1, 1),
        RecurrentFunction.HardSigmoid => (0.2f, 0.5f),
        RecurrentFunction.Elu => (1, null),
        _ => (null, null),
    };

    /// <summary>Applies the function in place.</summary>
    public void Apply<T>(Span<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && ApplyVectors(MemoryMarshal.Cast<T, float>(values))) return;
        if (typeof(T) == typeof(double) && ApplyVectors(MemoryMarshal.Cast<T, double>(values))) return;
        var (alpha, beta) = (T.CreateTruncating(Alpha), T.CreateTruncating(Beta));
        foreach (ref var value in values) value = Of(value, alpha, beta);
    }

    private bool ApplyVectors(Span<float> values)
    {
        switch (Function)
        {
            case RecurrentFunction.Sigmoid: VectorMath.Sigmoid(values, values); return true;
            case RecurrentFunction.Tanh: VectorMath.Tanh(values, values); return true;
            case RecurrentFunction.Softplus: VectorMath.Softplus(values, values); return true;
            default: return false;
        }
    }

    private bool ApplyVectors(Span<double> values)
    {
        switch (Function)
        {
            case RecurrentFunction.Sigmoid: VectorMath.Sigmoid(values, values); return true;
            case RecurrentFunction.Tanh: VectorMath.Tanh(values, values); return true;
            case RecurrentFunction.Softplus: VectorMath.Softplus(values, values); return true;
            default: return false;
        }
    }

    private T Of<T>(T x, T alpha, T beta) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Function switch
    {
        RecurrentFunction.Relu => T.Max(x, T.Zero),
        RecurrentFunction.Affine => alpha * x + beta,
        RecurrentFunction.LeakyRelu => x < T.Zero ? alpha * x : x,
        RecurrentFunction.ThresholdedRelu => x > alpha ? x : T.Zero,
        RecurrentFunction.ScaledTanh => alpha * T.Tanh(beta * x),
        RecurrentFunction.HardSigmoid => T.Clamp(alpha * x + beta, T.Zero, T.One),
        RecurrentFunction.Elu => x < T.Zero ? alpha * T.ExpM1(x) : x,
        RecurrentFunction.Softsign => x / (T.One + T.Abs(x)),
        _ => throw new InvalidOperationException($"{Function} is computed in vectors"),
    };
}

/// <summary>The functions by their names in ONNX.</summary>
internal enum RecurrentFunction { Relu, Tanh, Sigmoid, Affine, LeakyRelu, ThresholdedRelu, ScaledTanh, HardSigmoid, Elu, Softsign, Softplus }
