using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Cors;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Signing;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>S3: who asks, for what, on which bucket, whether it may; then the operation.</summary>
internal sealed class S3Door(OperationTable table, Authentication authentication, IAccessKeys keys, Db db)
{
    /// <summary>Serves a request of S3; throws what is wrong with it.</summary>
    public async Task Serve(S3Call call)
    {
        if (call.Target.Bucket is { } name && await db.Read(r => BucketStore.Find(r, name), call.Cancel) is { } bucket)
        {
            call.Bucket = bucket;
        }

        if (HttpMethods.IsOptions(call.Http.Request.Method))
        {
            call.Meter!.Admitted = true;
            await Preflight.Answer(call);
            return;
        }

        Preflight.Allow(call);
        var operation = table.Find(call.Http.Request, call.Target);
        call.Operation = operation;
        await authentication.Authenticate(call);
        await Suspension.Refuse(call, keys);
        call.Meter!.Admitted = true;
        if (!operation.WithoutBucket && operation.Scope != Scope.Service)
        {
            if (!call.HasBucket)
            {
                throw Faults.NoSuchBucket(call.BucketName);
            }

            ExpectOwner(call);
            Payer.Require(call);
        }

        if (operation.Action is { } action)
        {
            Authorizer.Bucket(call, action, operation.Permission);
        }

        await operation.Handler(call);
    }

    private static void ExpectOwner(S3Call call)
    {
        if (call.Header("x-amz-expected-bucket-owner") is { } expected && expected != call.Bucket.ProjectId)
        {
            throw Faults.AccessDenied();
        }
    }
}
