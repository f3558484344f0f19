using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Slipway.App.Cli;
using Slipway.Core;

namespace Slipway.App.Api;

/// <summary>What went wrong, as <see cref="ErrorView"/> and a status: 400 a mistake of the caller, 404 absent, 422 the model does not pass, 500 ours.</summary>
public static class ApiErrors
{
    public static (int Status, ErrorView Error) Of(Exception error) => error switch
    {
        SpecException spec => (StatusCodes.Status400BadRequest, new ErrorView(spec.Message, [.. spec.Problems.Select(p => new ProblemView(p.Path, p.Line, p.Column, p.Message))])),
        NotFoundException => (StatusCodes.Status404NotFound, new ErrorView(error.Message)),
        ModelException => (StatusCodes.Status422UnprocessableEntity, new ErrorView(error.Message)),
        SlipwayException => (StatusCodes.Status400BadRequest, new ErrorView(error.Message)),
        BadHttpRequestException bad => (bad.StatusCode, new ErrorView(Innermost(bad))),
        _ => (StatusCodes.Status500InternalServerError, new ErrorView("the server failed; its log says how")),
    };

    /// <summary>Turns every exception and every empty error status into <see cref="ErrorView"/>.</summary>
    public static void UseApiErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context =>
            {
                var (status, error) = Of(context.Features.Get<IExceptionHandlerFeature>()!.Error);
                return WriteAsync(context, status, error);
            },
            AllowStatusCode404Response = true,
            SuppressDiagnosticsCallback = handled => Of(handled.Exception).Status < StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages(pages =>
        {
            var context = pages.HttpContext;
            var text = context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => $"nothing is at {context.Request.Path}",
                StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible at {context.Request.Path}",
                StatusCodes.Status415UnsupportedMediaType => "send JSON, with Content-Type: application/json",
                var status => $"status {status}",
            };
            return WriteAsync(context, context.Response.StatusCode, new ErrorView(text));
        });
    }

    private static Task WriteAsync(HttpContext context, int status, ErrorView error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(error, Terminal.Json, context.RequestAborted);
    }

    private static string Innermost(Exception error) => error.InnerException is JsonException json ? json.Message : error.Message;
}
