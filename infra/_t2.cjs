let t=performance.now();
const {App,Stack}=require('aws-cdk-lib/core');const l=require('aws-cdk-lib/aws-lambda');new l.CfnFunction(new Stack(new App(),'x'),'y',{code:{},role:''});
console.log('require', Math.round(performance.now()-t));
t=performance.now();
const {AwsSolutionsChecks}=require('cdk-nag'); console.log('nag', typeof AwsSolutionsChecks, Math.round(performance.now()-t));
