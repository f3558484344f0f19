namespace Slipway.Models.Rows.Functions;

/// <summary>Powers, logarithms, rounding, trigonometry. Angles are radians; outside of their domain logarithms and roots are NaN.</summary>
internal static class Mathematics
{
    internal readonly struct Log10 : IUnaryOperation
    {
        public static double Of(double x) => Math.Log10(x);
    }

    internal readonly struct Ln : IUnaryOperation
    {
        public static double Of(double x) => Math.Log(x);
    }

    internal readonly struct Ln1P : IUnaryOperation
    {
        public static double Of(double x) => Exponentials.LogOnePlus(x);
    }

    internal readonly struct Exp : IUnaryOperation
    {
        public static double Of(double x) => Math.Exp(x);
    }

    internal readonly struct ExpM1 : IUnaryOperation
    {
        public static double Of(double x) => Exponentials.ExpMinusOne(x);
    }

    internal readonly struct Sqrt : IUnaryOperation
    {
        public static double Of(double x) => Math.Sqrt(x);
    }

    internal readonly struct Abs : IUnaryOperation
    {
        public static double Of(double x) => Math.Abs(x);
    }

    internal readonly struct Floor : IUnaryOperation
    {
        public static double Of(double x) => Math.Floor(x);
    }

    internal readonly struct Ceil : IUnaryOperation
    {
        public static double Of(double x) => Math.Ceiling(x);
    }

    /// <summary>Halves go up, so that -2.5 becomes -2.</summary>
    internal readonly struct Round : IUnaryOperation
    {
        public static double Of(double x)
        {
            var below = Math.Floor(x);
            return x - below >= 0.5 ? below + 1 : below;
        }
    }

    /// <summary>Halves go to the even neighbour.</summary>
    internal readonly struct Rint : IUnaryOperation
    {
        public static double Of(double x) => Math.Round(x, MidpointRounding.ToEven);
    }

    internal readonly struct Pow : IBinaryOperation
    {
        public static double Of(double x, double y) => Math.Pow(x, y);
    }

    /// <summary>1 above the threshold, 0 at it and below.</summary>
    internal readonly struct Threshold : IBinaryOperation
    {
        public static double Of(double x, double y) => x > y ? 1 : 0;
    }

    internal readonly struct Hypot : IBinaryOperation
    {
        public static double Of(double x, double y) => double.Hypot(x, y);
    }

    internal readonly struct Atan2 : IBinaryOperation
    {
        public static double Of(double y, double x) => Math.Atan2(y, x);
    }

    internal readonly struct Sin : IUnaryOperation
    {
        public static double Of(double x) => Math.Sin(x);
    }

    internal readonly struct Cos : IUnaryOperation
    {
        public static double Of(double x) => Math.Cos(x);
    }

    internal readonly struct Tan : IUnaryOperation
    {
        public static double Of(double x) => Math.Tan(x);
    }

    internal readonly struct Asin : IUnaryOperation
    {
        public static double Of(double x) => Math.Asin(x);
    }

    internal readonly struct Acos : IUnaryOperation
    {
        public static double Of(double x) => Math.Acos(x);
    }

    internal readonly struct Atan : IUnaryOperation
    {
        public static double Of(double x) => Math.Atan(x);
    }

    internal readonly struct Sinh : IUnaryOperation
    {
        public static double Of(double x) => Math.Sinh(x);
    }

    internal readonly struct Cosh : IUnaryOperation
    {
        public static double Of(double x) => Math.Cosh(x);
    }

    internal readonly struct Tanh : IUnaryOperation
    {
        public static double Of(double x) => Math.Tanh(x);
    }
}
