import { describe, expect, it } from 'vitest';
import { queryOf, signedHeaders } from '../../../shared/adapters/channels/alibaba-cloud/sign-request.ts';
import { dingtalkSign } from '../../../shared/adapters/channels/dingtalk/dingtalk.ts';
import { feishuSign } from '../../../shared/adapters/channels/feishu/feishu.ts';
import { addressOf } from '../../../shared/adapters/channels/http-post.ts';

/* Every value here was made by somebody else's code: the providers' published samples, or their own library. */

describe('signatures of bots', () => {
  it('of Feishu are those of its documented sample, the key being the text and the text being empty', () => {
    expect(feishuSign('demo', 100)).toBe('jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg=');
    expect(feishuSign('示例密钥', 1_599_360_473)).toBe('BwvKoXDrZNg/TYWsaIExQEgZU42hC5tYrXZ5IsFBN4Q=');
  });

  it('of DingTalk are those of its documented sample', () => {
    expect(dingtalkSign('SEC000000000000000000000', 1_757_000_000_000)).toBe(
      'gSFDjDhScE40L1cKh8Q+zWWBDAr2AvpF3apu5XK16Wo=',
    );
  });
});

describe('signatures of Alibaba Cloud', () => {
  it('are that of the example in its documentation', () => {
    const headers = signedHeaders(
      {
        host: 'ecs.cn-shanghai.aliyuncs.com',
        action: 'RunInstances',
        version: '2014-05-26',
        query: { ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd', RegionId: 'cn-shanghai' },
        date: '2023-10-26T10:22:32Z',
        nonce: '3156853299f313e23d1673dc12e1703d',
      },
      { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' },
    );
    expect(headers.authorization).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;' +
        'x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    );
  });

  it('are those of its own library (@alicloud/openapi-util 0.3.3), Chinese and reserved signs included', () => {
    const headers = signedHeaders(
      {
        host: 'dysmsapi.aliyuncs.com',
        action: 'SendSms',
        version: '2017-05-25',
        query: {
          PhoneNumbers: '13800000000',
          SignName: "阳光(托育)!*'",
          TemplateCode: 'SMS_1',
          TemplateParam: '{"what":"演练 火灾或烟雾报警","place":"小太阳托育园","code":"a~b_c-d.e"}',
        },
        date: '2026-09-04T02:00:00Z',
        nonce: 'nonce-1',
      },
      { accessKeyId: 'id-1', accessKeySecret: 'secret-1' },
    );
    expect(headers.authorization).toMatch(
      /Signature=293db5f457723c97fb816443724449a80cbae58c679d6b86f12874917e9055cf$/,
    );
  });

  it('are over the query as it is sent', () => {
    expect(queryOf({ b: "!'()*~ +", a: '园' })).toBe('a=%E5%9B%AD&b=%21%27%28%29%2A~%20%2B');
  });
});

describe('an address to send to', () => {
  it.each(['https://x.example/hook', 'http://127.0.0.1:8080/', 'http://localhost/', 'http://[::1]/'])(
    'may be %s',
    (url) => {
      expect(addressOf(url)?.href).toBe(url);
    },
  );

  it.each([
    'http://x.example/',
    'http://127.0.0.1.x.example/',
    'http://localhost.x.example/',
    'https://user:password@x.example/',
    'file:///etc/passwd',
    'ftp://x.example/',
    'x.example',
    '',
  ])('is never %s', (url) => {
    expect(addressOf(url)).toBeUndefined();
  });
});
