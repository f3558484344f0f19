using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

internal static class ElementwiseOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        RegisterFunctions(catalog);
        RegisterActivations(catalog);
        RegisterArithmetic(catalog);
        RegisterLogic(catalog);
    }

    private static void RegisterFunctions(OperatorCatalog catalog)
    {
        Unary(catalog, "Sqrt", 1, static n => new FunctionOperator(RealFunctions.Sqrt, RealFunctions.Sqrt));
        Unary(catalog, "Reciprocal", 1, static n => new FunctionOperator(RealFunctions.Reciprocal, RealFunctions.Reciprocal));
        Unary(catalog, "Exp", 1, static n => new FunctionOperator(VectorMath.Exp, VectorMath.Exp));
        Unary(catalog, "Log", 1, static n => new FunctionOperator(VectorMath.Log, VectorMath.Log));
        Unary(catalog, "Sin", 7, static n => new FunctionOperator(VectorMath.Sin, VectorMath.Sin));
        Unary(catalog, "Cos", 7, static n => new FunctionOperator(VectorMath.Cos, VectorMath.Cos));
        Unary(catalog, "Tan", 7, static n => new FunctionOperator(VectorMath.Tan, VectorMath.Tan));
        Unary(catalog, "Asin", 7, static n => new FunctionOperator(VectorMath.Asin, VectorMath.Asin));
        Unary(catalog, "Acos", 7, static n => new FunctionOperator(VectorMath.Acos, VectorMath.Acos));
        Unary(catalog, "Atan", 7, static n => new FunctionOperator(VectorMath.Atan, VectorMath.Atan));
        Unary(catalog, "Sinh", 9, static n => new FunctionOperator(VectorMath.Sinh, VectorMath.Sinh));
        Unary(catalog, "Cosh", 9, static n => new FunctionOperator(VectorMath.Cosh, VectorMath.Cosh));
        Unary(catalog, "Asinh", 9, static n => new FunctionOperator(VectorMath.Asinh, VectorMath.Asinh));
        Unary(catalog, "Acosh", 9, static n => new FunctionOperator(VectorMath.Acosh, VectorMath.Acosh));
        Unary(catalog, "Atanh", 9, static n => new FunctionOperator(VectorMath.Atanh, VectorMath.Atanh));
        Unary(catalog, "Erf", 9, static n => new FunctionOperator(VectorMath.Erf, VectorMath.Erf));
        Unary(catalog, "Abs", 1, static n => new NumberMapOperator<NumberMaps.Absolute>());
        Unary(catalog, "Neg", 1, static n => new NumberMapOperator<NumberMaps.Negate>());
        Unary(catalog, "Sign", 9, static n => new NumberMapOperator<NumberMaps.Sign>());
        Unary(catalog, "Floor", 1, static n => new NumberMapOperator<NumberMaps.Floor>());
        Unary(catalog, "Ceil", 1, static n => new NumberMapOperator<NumberMaps.Ceiling>());
        Unary(catalog, "Round", 11, static n => new NumberMapOperator<NumberMaps.Round>());
        Unary(catalog, "IsNaN", 9, static n => new FloatTests(n));
        Unary(catalog, "IsInf", 10, static n => new FloatTests(n));
    }

    private static void RegisterActivations(OperatorCatalog catalog)
    {
        Unary(catalog, "Relu", 1, static n => new NumberMapOperator<NumberMaps.Relu>());
        Unary(catalog, "Sigmoid", 1, static n => new FunctionOperator(VectorMath.Sigmoid, VectorMath.Sigmoid) { Activation = Activation.Sigmoid });
        Unary(catalog, "Tanh", 1, static n => new FunctionOperator(VectorMath.Tanh, VectorMath.Tanh) { Activation = Activation.Tanh });
        Unary(catalog, "Softplus", 1, static n => new FunctionOperator(VectorMath.Softplus, VectorMath.Softplus));
        Unary(catalog, "Softsign", 1, Activations.Softsign);
        Unary(catalog, "Mish", 18, static n => new FunctionOperator(VectorMath.Mish, VectorMath.Mish));
        Unary(catalog, "HardSwish", 14, Activations.HardSwish);
        Unary(catalog, "Gelu", 20, Activations.Gelu);
        Unary(catalog, "Swish", 24, Activations.Swish);
        Unary(catalog, "LeakyRelu", 1, Activations.LeakyRelu);
        Unary(catalog, "ThresholdedRelu", 1, Activations.ThresholdedRelu);
        Unary(catalog, "Elu", 1, Activations.Elu);
        Unary(catalog, "Celu", 12, Activations.Celu);
        Unary(catalog, "Selu", 1, Activations.Selu);
        Unary(catalog, "HardSigmoid", 1, Activations.HardSigmoid);
        Unary(catalog, "Shrink", 9, static n => new Shrink(n));
        Unary(catalog, "Affine", 1, Activations.Affine);
        Unary(catalog, "Scale", 1, Activations.Scale);
        Unary(catalog, "ScaledTanh", 1, Activations.ScaledTanh);
        Unary(catalog, "ParametricSoftplus", 1, Activations.ParametricSoftplus);
        Unary(catalog, "ImageScaler", 1, static n => new ImageScaler(n));
        catalog.Add("PRelu", 1, 2, 2, 1, static n => new ParametricRelu(n));
        catalog.Add("Clip", 1, 1, 1, 1, static n => new Clip(n));
        catalog.Add("Clip", 11, 1, 3, 1, static n => new Clip(n));
    }

    private static void RegisterArithmetic(OperatorCatalog catalog)
    {
        Binary(catalog, "Add", 1, static (n, old) => new BinaryOperator<NumberOperations.Add>(old));
        Binary(catalog, "Sub", 1, static (n, old) => new BinaryOperator<NumberOperations.Subtract>(old));
        Binary(catalog, "Mul", 1, static (n, old) => new BinaryOperator<NumberOperations.Multiply>(old));
        Binary(catalog, "Div", 1, static (n, old) => new BinaryOperator<NumberOperations.Divide>(old));
        Binary(catalog, "Pow", 1, static (n, old) => new Power(old));
        Binary(catalog, "Mod", 10, static (n, old) => n.Flag("fmod") ? new BinaryOperator<NumberOperations.Remainder>() : new BinaryOperator<NumberOperations.Modulo>());
        Variadic(catalog, "Max", static n => new VariadicOperator<NumberOperations.Maximum>(false));
        Variadic(catalog, "Min", static n => new VariadicOperator<NumberOperations.Minimum>(false));
        Variadic(catalog, "Sum", static n => new VariadicOperator<NumberOperations.Add>(false));
        Variadic(catalog, "Mean", static n => new VariadicOperator<NumberOperations.Add>(true));
    }

    private static void RegisterLogic(OperatorCatalog catalog)
    {
        Unary(catalog, "Not", 1, static n => new LogicalNot());
        Unary(catalog, "BitwiseNot", 18, static n => new BitwiseNot());
        Binary(catalog, "And", 1, static (n, old) => new BitOperator<BitOperations.And>(old));
        Binary(catalog, "Or", 1, static (n, old) => new BitOperator<BitOperations.Or>(old));
        Binary(catalog, "Xor", 1, static (n, old) => new BitOperator<BitOperations.Xor>(old));
        Binary(catalog, "BitwiseAnd", 18, static (n, old) => new BitOperator<BitOperations.And>());
        Binary(catalog, "BitwiseOr", 18, static (n, old) => new BitOperator<BitOperations.Or>());
        Binary(catalog, "BitwiseXor", 18, static (n, old) => new BitOperator<BitOperations.Xor>());
        Binary(catalog, "BitShift", 11, static (n, old) => n.Text("direction") switch
        {
            "LEFT" => new BitOperator<BitOperations.ShiftLeft>(),
            "RIGHT" => new BitOperator<BitOperations.ShiftRight>(),
            var other => throw n.Wrong($"direction must be LEFT or RIGHT, it is '{other}'"),
        });
        Binary(catalog, "Equal", 1, static (n, old) => new CompareOperator<Comparisons.Equal>(old));
        Binary(catalog, "Greater", 1, static (n, old) => new CompareOperator<Comparisons.Greater>(old));
        Binary(catalog, "Less", 1, static (n, old) => new CompareOperator<Comparisons.Less>(old));
        Binary(catalog, "GreaterOrEqual", 12, static (n, old) => new CompareOperator<Comparisons.GreaterOrEqual>());
        Binary(catalog, "LessOrEqual", 12, static (n, old) => new CompareOperator<Comparisons.LessOrEqual>());
        catalog.Add("Where", 9, 3, 3, 1, static n => new Where());
    }

    private static void Unary(OperatorCatalog catalog, string name, int since, Func<NodeInfo, Operator> create) => catalog.Add(name, since, 1, 1, 1, create);

    private static void Binary(OperatorCatalog catalog, string name, int since, Func<NodeInfo, OldBroadcast?, Operator> create) =>
        catalog.Add(name, since, 2, 2, 1, n => create(n, n.Version < 7 ? new OldBroadcast(n) : null));

    private static void Variadic(OperatorCatalog catalog, string name, Func<NodeInfo, Operator> create) => catalog.Add(name, 1, 1, int.MaxValue, 1, create);
}
